"""The page of results: each script writes a section of it, and leaves the others."""

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).parent / "results.md"


def write(section: str) -> None:
    """Put a section, which begins with its title as `# Title`, in the place of the one before."""
    title = section.partition("\n")[0]
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = [part for part in re.split(r"^(?=# )", text, flags=re.MULTILINE) if part]
    titles = [part.partition("\n")[0] for part in parts]
    if title in titles:
        parts[titles.index(title)] = section
    else:
        parts.append(section)
    PAGE.write_text("\n".join(f"{part.strip()}\n" for part in parts), encoding="utf-8")
    print(f"{section}\nwritten to {PAGE.name}")


def about(**more: str) -> str:
    """Return where and with what something was measured, as a list in Markdown."""
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    cores = len(os.sched_getaffinity(0))
    facts = {
        "machine": f"{model[1] if model else platform.machine()}, {cores} cores, "
        f"Linux {platform.release()}",
        "Python": platform.python_version(),
        "keypoint": version("keypoint"),
        **more,
        "load average at the end": f"{os.getloadavg()[0]:.1f}",
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }
    return "\n".join(f"- {name}: {text}" for name, text in facts.items())
