"""merge

Revision ID: 4c0000000004
Revises: (
    '2b0000000002',
    '3b0000000003',
)
"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '4c0000000004'
down_revision = (
    '2b0000000002',
    '3b0000000003',
)
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('merge')
