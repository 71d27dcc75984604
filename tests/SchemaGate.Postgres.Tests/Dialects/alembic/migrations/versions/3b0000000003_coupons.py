"""coupons

Revision ID: 3b0000000003
Revises: 1a0000000001
"""
from alembic import op

# revision identifiers, used by Alembic.
revision = '3b0000000003'
down_revision: Union[str, None] = '1a0000000001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('coupons')
