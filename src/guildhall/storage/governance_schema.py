"""Tables of governance: packs, the board, proposals with their reports and signatures, and what is in force."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from guildhall.storage.database import UtcDateTime, metadata

policy_packs = Table(
    "policy_packs",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("rules", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
)

policy_state = Table(
    "policy_state",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("active", String(64), nullable=False),
)

policy_activations = Table(
    "policy_activations",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("pack", String(64), nullable=False),
    Column("how", String(16), nullable=False),
    Column("by", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Column("proposal", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

board_members = Table(
    "board_members",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("roles", Text, nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("enrolled_at", UtcDateTime, nullable=False),
)

rule_changes = Table(
    "rule_changes",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("author", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Column("base", String(64), nullable=False),
    Column("pack", String(64), nullable=False),
    Column("loosens", Boolean, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("phase_since", UtcDateTime, nullable=False),
    Column("share", Integer, nullable=False),
    Column("lapses_at", UtcDateTime),
    Column("observed", Text, nullable=False),
)

rule_change_reports = Table(
    "rule_change_reports",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("proposal", String(40), primary_key=True),
    Column("gate", String(40), primary_key=True),
    Column("passed", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

rule_change_signatures = Table(
    "rule_change_signatures",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("proposal", String(40), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("roles", Text, nullable=False),
    Column("signed", Text, nullable=False),
    Column("signature", String(128), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
