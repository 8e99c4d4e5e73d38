"""`make check`: everything that can be found without running the platform, each step by name."""

import json
import os
import subprocess
import sys

from eocenter.local.state import ROOT

TOOLS = os.path.dirname(sys.executable)
PYTHON = [sys.executable]
MANAGE = [sys.executable, "-W", "ignore", "manage.py"]
# Invented, so that Django's own deployment check sees production as it will be.
PRODUCTION = {
    "EOC_MODE": "production",
    "SECRET_KEY": "a-key-of-more-than-fifty-characters-that-only-serves-this-check-0123456789",
    "SITE_URL": "https://eo.example.org",
    "ALLOWED_HOSTS": "eo.example.org",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "TRUSTED_PROXY_COUNT": "1",
}


def tool(name, *arguments):
    return [os.path.join(TOOLS, name), *arguments]


STEPS = {
    "style": (tool("ruff", "check", "."), {}),
    "format": (tool("ruff", "format", "--check", "."), {}),
    "templates": (tool("djlint", "templates", "--lint", "--quiet"), {}),
    "types": (tool("mypy"), {}),
    "migrations": ([*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
    "deployment": ([*MANAGE, "check", "--deploy", "--fail-level", "WARNING", "--database", "default"], PRODUCTION),
    "translations": ([*PYTHON, "-m", "pytest", "-q", "-n", "0", "tests/test_translations.py"], {}),
}
AUDIT = tool("pip-audit", *["--requirement", "constraints.txt", "--no-deps", "--disable-pip", "--format", "json"])


def run(command, environment, timeout=600):
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=timeout
    )


def audit():
    """Whether a known vulnerability is among what we install; without the advisories nobody knows, and we say so."""
    try:
        report = json.loads(run(AUDIT, {}, timeout=120).stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return "not_run", "the advisories cannot be reached"
    unknown = [package["name"] for package in report["dependencies"] if "skip_reason" in package]
    found = [
        f"{package['name']} {package['version']}: {', '.join(hole['id'] for hole in package['vulns'])}"
        for package in report["dependencies"]
        if package.get("vulns")
    ]
    if found:
        return "fail", "\n".join(found)
    if unknown:
        return "not_run", f"{len(unknown)} of {len(report['dependencies'])} packages are unknown to the advisory source"
    return "pass", f"{len(report['dependencies'])} packages"


def main():
    failed = []
    for name, (command, environment) in STEPS.items():
        done = run(command, environment)
        print(f"{'pass' if done.returncode == 0 else 'FAIL':8} {name}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr)
    status, words = audit()
    print(f"{'FAIL' if status == 'fail' else status:8} vulnerabilities {words}")
    if status == "fail":
        failed.append("vulnerabilities")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
