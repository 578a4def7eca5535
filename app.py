"""The page as a program: `python app.py`, or what a Hugging Face Space runs."""

from lenet.ui import build, launch

demo = build()

if __name__ == "__main__":
    launch(demo)
