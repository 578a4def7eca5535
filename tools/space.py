"""Write what a Hugging Face Space gets into a new folder: python tools/space.py FOLDER

Of the files that git knows, as they are now, those that the page needs, and those that the README shows; besides a
.gitattributes, since the Hub refuses pushed files that are no text and not in LFS or Xet. The project's own repository
has none: there they are ordinary files, which Git LFS would take for changed.
"""

import argparse
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
KEPT = ("app.py", "lenet", "weights", "requirements.txt", "README.md", "README.zh.md", "SECURITY.md", "docs", "LICENSE")


def main() -> None:
    """Write the folder, and print its size."""
    parser = argparse.ArgumentParser(description="Write what a Hugging Face Space gets.")
    parser.add_argument("folder", type=Path, help="a new folder, or an empty one")
    folder = parser.parse_args().folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        parser.error(f"{folder} is not an empty folder: what is in it would be uploaded too")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *KEPT], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    paths = listed.stdout.strip("\0").split("\0")
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)
    shutil.copyfile(ROOT / "tools" / "space.gitattributes", folder / ".gitattributes")
    size = sum((ROOT / path).stat().st_size for path in paths)
    print(f"{len(paths)} files, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
