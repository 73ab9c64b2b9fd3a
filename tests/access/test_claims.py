import pytest

from guildhall.access.claims import Identity, read_mapping, roles_of
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.roles import Role


def test_pairs_are_read_with_commas_or_lines_and_an_equals_sign_in_a_claim() -> None:
    found = read_mapping("Governance.Chair=board_chair,\n cn=dpo,ou=x = data_protection_officer".replace("cn=dpo,", "cn=dpo "))
    assert found == {"Governance.Chair": Role.BOARD_CHAIR, "cn=dpo ou=x": Role.DATA_PROTECTION_OFFICER}


@pytest.mark.parametrize("text", ["board_chair", "=board_chair", "Chair=", "Chair=king"])
def test_a_pair_that_gives_no_role_says_what_would_be_right(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"GUILDHALL_OIDC_ROLES.*Write claim=role, with one of these roles: board_chair"):
        read_mapping(text)


def test_claims_that_are_not_mapped_give_nothing() -> None:
    assert roles_of(Identity("s", "n", frozenset({"auditor", "Everyone"})), {"Audit": Role.AUDITOR}) == frozenset()
