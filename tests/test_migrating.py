import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.servers import postgresql

MIGRATE = [sys.executable, "-m", "workflow", "migrate", "--database"]
TOP = Path(__file__).parent.parent


@pytest.mark.postgresql
def test_machines_that_migrate_at_once_do_not_hurt_each_other(tmp_path):
    with postgresql() as databases:
        url = databases.empty()
        machines = [subprocess.Popen([*MIGRATE, url, "--data", tmp_path], cwd=TOP) for _ in range(3)]
        assert [machine.wait(60) for machine in machines] == [0, 0, 0]
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        assert "orders" in sa.inspect(engine).get_table_names()
