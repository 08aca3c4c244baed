"""The proxies of deploy/, where this machine has them (Debian: nginx, caddy): they start, and keep secrets."""

import http.client
import os
import shutil
from pathlib import Path

import pytest

from workflow.embedded.server import Server, free_port

SAMPLES = Path(__file__).parent.parent / "deploy" / "proxy"
TOKEN = "AaITMHwmd0K8Y_1Uc_rsf2VUkb-HeBePQ3VrNaBXnXs"
SITE = "orders.example.com"


class Proxy(Server):
    """A sample without TLS, with its logs in *root*, before a Passline that is down."""

    def __init__(self, root):
        super().__init__(root)
        self.port = free_port()
        self._sample = (SAMPLES / self.sample).read_text().replace("127.0.0.1:8000", f"127.0.0.1:{free_port()}")

    def replace(self, *pairs):
        for old, new in pairs:
            assert old in self._sample, old
            self._sample = self._sample.replace(old, new)
        return self._sample

    def start(self, command):
        elsewhere = {"XDG_CONFIG_HOME": str(self.root), "XDG_DATA_HOME": str(self.root)}
        self._launch([shutil.which(self.program), *command], self._answers, env=os.environ | elsewhere)

    def get(self, path, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": SITE, **headers})
            return connection.getresponse().status
        finally:
            connection.close()

    def logs(self):
        return "\n".join(file.read_text() for file in self.root.rglob("*") if "log" in file.name)

    def _answers(self):
        try:
            return self.get("/", {}) == 502
        except OSError:
            return False


class Nginx(Proxy):
    program, sample = "nginx", "nginx.conf"

    def start(self):
        (self.root / "proxy.conf").write_text(
            self.replace(
                ("listen 443 ssl http2", f"listen 127.0.0.1:{self.port}"),
                ("    ssl_certificate ", "    # "),
                ("    ssl_certificate_key ", "    # "),
                ("/var/log/nginx", str(self.root)),
            )
        )
        # Its own places belong to the machine's administrator.
        kept = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = " ".join(f"{name}_temp_path {self.root}/{name};" for name in kept)
        (self.root / "nginx.conf").write_text(
            f"pid {self.root}/pid; error_log {self.root}/log; daemon off; events {{}}\n"
            f"http {{ {places} include {self.root}/proxy.conf; }}\n"
        )
        super().start(["-p", str(self.root), "-c", str(self.root / "nginx.conf"), "-e", str(self.log)])


class Caddy(Proxy):
    program, sample = "caddy", "Caddyfile"

    def start(self):
        (self.root / "Caddyfile").write_text(
            self.replace(
                (f"{SITE} {{", f"http://{SITE}:{self.port} {{\n\tbind 127.0.0.1"),
                ("\n{\n", "\n{\n\tadmin off\n"),
                ("/var/log/caddy", str(self.root)),
            )
        )
        super().start(["run", "--adapter", "caddyfile", "--config", str(self.root / "Caddyfile")])


@pytest.fixture(params=[Nginx, Caddy], ids=["nginx", "caddy"])
def proxy(request, tmp_path):
    if not shutil.which(request.param.program):
        pytest.skip(f"there is no {request.param.program} here (Debian: {request.param.program})")
    proxy = request.param(tmp_path)
    proxy.start()
    yield proxy
    proxy.stop()


@pytest.mark.parametrize("path", ["/order-tracking/{}", "/v1/track/{}", "/v1/track/{}/stream"])
def test_no_log_holds_a_tracking_token(proxy, path):
    """Neither of what was asked for nor of what went wrong."""
    referrer = {"Referer": f"https://{SITE}/order-tracking/{TOKEN}", "Authorization": f"Bearer {TOKEN}"}

    assert proxy.get(path.format(TOKEN), referrer) == 502

    proxy.stop()
    assert path.format("***") in proxy.logs()
    assert TOKEN not in proxy.logs()
