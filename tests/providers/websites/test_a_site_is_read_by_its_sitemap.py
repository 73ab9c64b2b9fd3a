import gzip
import zlib
from itertools import count

import pytest

from guildhall.providers.websites.crawler import Limits
from guildhall.vocabulary.errors import GuildhallError, ProviderError, RefusedError
from tests.providers.websites.sites import Answer, crawler, website


def test_every_listed_page_becomes_a_source_with_its_date() -> None:
    with website() as site, crawler(site) as reader:
        site.page("/bins", "Bins", "Put your bin out by 7am.")
        site.page("/tip", "The tip", "Open at 8am.")
        site.sitemap(site.url("/bins"), site.url("/tip"))
        reading = reader.read(site.url("/"))
        assert [c.source.source.title for c in reading.changes] == ["Bins", "The tip"]
        assert reading.changes[0].source.source.updated == "2026-05-04"
        assert reading.changes[0].passages[0].passage.url == site.url("/bins")
        assert (reading.complete, reading.problems) == (True, ())
        assert {host for _, host in site.asked} == {site.host}


def test_robots_are_honoured() -> None:
    with website() as site, crawler(site) as reader:
        site.page("/bins", "Bins", "Words.")
        site.page("/private/a", "Private", "Words.")
        site.page("/private/open", "Open", "Words.")
        site.robots("User-agent: *\nDisallow: /private\nAllow: /private/open$\n")
        site.sitemap(site.url("/bins"), site.url("/private/a"), site.url("/private/open"))
        reading = reader.read(site.url("/sitemap.xml"))
        assert site.pages_asked() == ["/bins", "/private/open"]
        assert reading.notes == ("1 pages are closed to robots and were left out",)
        assert reading.complete


def test_rules_for_us_by_name_win_over_rules_for_everybody_and_the_delay_is_kept() -> None:
    waited: list[float] = []
    with website() as site, crawler(site, sleep=waited.append) as reader:
        site.page("/bins", "Bins", "Words.")
        site.robots("User-agent: *\nDisallow: /\n\nUser-agent: guildhall\nCrawl-delay: 2\nDisallow:\n")
        site.sitemap(site.url("/bins"))
        assert len(reader.read(site.url("/sitemap.xml")).changes) == 1
        assert waited == [2.0]


def test_a_site_whose_robots_file_fails_is_left_alone() -> None:
    with website() as site, crawler(site) as reader:
        site.page("/bins", "Bins", "Words.")
        site.answers["/robots.txt"] = Answer(b"", status=503)
        site.sitemap(site.url("/bins"))
        assert reader.read(site.url("/sitemap.xml")).changes == ()
        assert site.pages_asked() == []


def test_other_hosts_are_left_out_and_counted() -> None:
    with website() as site, crawler(site) as reader:
        site.page("/bins", "Bins", "Words.")
        site.sitemap(site.url("/bins"), "https://elsewhere.example/x", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd")
        reading = reader.read(site.url("/sitemap.xml"))
        assert len(reading.changes) == 1
        assert reading.notes == ("3 addresses on other hosts were left out",)


@pytest.mark.parametrize("location", ["http://127.0.0.1:1/", "http://169.254.169.254/", "https://elsewhere.example/", "file:///etc/passwd"])
def test_a_redirect_to_somewhere_else_is_refused(location: str) -> None:
    with website() as site, crawler(site) as reader:
        site.answers["/bins"] = Answer(b"", status=302, headers={"location": location})
        site.page("/tip", "The tip", "Words.")
        site.sitemap(site.url("/bins"), site.url("/tip"))
        reading = reader.read(site.url("/sitemap.xml"))
        assert [c.source.source.title for c in reading.changes] == ["The tip"]
        assert reading.problems[0].where == site.url("/bins")


def test_a_redirect_within_the_site_is_followed_and_a_circle_is_not() -> None:
    with website() as site, crawler(site) as reader:
        site.answers["/old"] = Answer(b"", status=301, headers={"location": "/new"})
        site.page("/new", "New", "Words.")
        site.answers["/round"] = Answer(b"", status=302, headers={"location": "/round"})
        site.sitemap(site.url("/old"), site.url("/round"))
        reading = reader.read(site.url("/sitemap.xml"))
        assert [c.source.source.url for c in reading.changes] == [site.url("/new")]
        assert "redirects more than" in reading.problems[0].what


def test_a_page_that_fails_is_reported_and_one_that_is_gone_is_noted() -> None:
    with website() as site, crawler(site) as reader:
        site.page("/bins", "Bins", "Words.")
        site.answers["/broken"] = Answer(b"oops", status=500)
        site.answers["/picture"] = Answer(b"x", "image/png")
        site.sitemap(site.url("/bins"), site.url("/broken"), site.url("/gone"), site.url("/picture"))
        reading = reader.read(site.url("/sitemap.xml"))
        assert len(reading.changes) == 1
        assert [p.what for p in reading.problems] == [
            "the server answered with status 500",
            "pages of the kind `image/png` cannot be read",
        ]
        assert reading.notes == ("1 pages are listed but no longer there",)
        assert not reading.complete


def test_a_packed_page_is_unpacked_and_a_bomb_is_refused() -> None:
    with website() as site, crawler(site, limits=Limits(page_bytes=100_000)) as reader:
        packed = gzip.compress(b"<main><h1>Bins</h1><p>Words.</p></main>")
        site.answers["/bins"] = Answer(packed, headers={"content-encoding": "gzip"})
        site.answers["/bomb"] = Answer(gzip.compress(bytes(20_000_000)), headers={"content-encoding": "gzip"})
        site.answers["/br"] = Answer(b"xx", headers={"content-encoding": "br"})
        site.answers["/damaged"] = Answer(b"\x1f\x8bnot", headers={"content-encoding": "gzip"})
        site.sitemap(*(site.url(path) for path in ("/bins", "/bomb", "/br", "/damaged")))
        reading = reader.read(site.url("/sitemap.xml"))
        assert [c.source.source.title for c in reading.changes] == ["Bins"]
        assert ["larger" in p.what or "packed" in p.what for p in reading.problems] == [True, True, True]


def test_a_page_that_is_too_large_is_refused() -> None:
    with website() as site, crawler(site, limits=Limits(page_bytes=1000)) as reader:
        site.page("/bins", "Bins", "x" * 2000)
        site.sitemap(site.url("/bins"))
        assert "larger than 1,000 bytes" in reader.read(site.url("/sitemap.xml")).problems[0].what


def test_page_count_and_time_are_limited_and_then_nothing_counts_as_vanished() -> None:
    with website() as site:
        for path in ("/a", "/b", "/c"):
            site.page(path, path, "Words.")
        site.sitemap(*(site.url(path) for path in ("/a", "/b", "/c")))
        with crawler(site, limits=Limits(pages=2)) as reader:
            reading = reader.read(site.url("/sitemap.xml"))
            assert (len(reading.changes), reading.complete) == (2, False)
            assert reading.notes == ("only the first 2 of 3 pages were read",)
        ticks = count()
        with crawler(site, limits=Limits(seconds=12), clock=lambda: float(next(ticks))) as reader:
            reading = reader.read(site.url("/sitemap.xml"))
            assert (0 < len(reading.changes) < 3, reading.complete) == (True, False)
            assert "time limit" in reading.notes[0]


def test_a_sitemap_of_sitemaps_is_followed_packed_or_not() -> None:
    with website() as site, crawler(site) as reader:
        site.page("/bins", "Bins", "Words.")
        site.sitemap(site.url("/bins"), path="/one.xml")
        site.answers["/two.xml.gz"] = Answer(gzip.compress(site.answers["/one.xml"].body), "application/gzip")
        listed = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in ("/two.xml.gz", "/index.xml"))
        site.answers["/index.xml"] = Answer(f"<sitemapindex>{listed}</sitemapindex>".encode(), "application/xml")
        site.robots(f"Sitemap: {site.url('/index.xml')}\n")
        assert len(reader.read(site.url("/")).changes) == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html></html>", ProviderError),
        (b"not xml", ProviderError),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>', RefusedError),
        (zlib.compress(b"x"), ProviderError),
        (b"\x1f\x8bxxxx", ProviderError),
    ],
)
def test_a_sitemap_that_is_none_is_an_error(body: bytes, error: type[GuildhallError]) -> None:
    with website() as site, crawler(site) as reader:
        site.answers["/sitemap.xml"] = Answer(body, "application/xml")
        with pytest.raises(error):
            reader.read(site.url("/sitemap.xml"))


def test_a_host_that_was_not_allowed_says_how_to_allow_it() -> None:
    with website() as site, crawler(site, hosts=("other.example",)) as reader, pytest.raises(RefusedError, match="--allow-host"):
        reader.read(site.url("/"))
