"""What is not Chinese on a page that is."""

import re

from playwright.sync_api import Page

NAMES = re.compile(  # that Chinese writes as English does: of networks, layers, options, keys, people and programs
    r"""\b(?:
    lenet\ train\ --mine|LeNet|lenet[\w-]*|[0-9a-f]{8}|MNIST|RGB|ReLU|sigmoid|tanh|softmax|RBF|ECE|Wilson|logits?|plan
    |AdamW?|Muon|SGD|Levenberg|Marquardt|PyTorch|TensorFlow|Python|LeCun|Hugging\ Face|Hub|hf:USER/NAME|user/name
    |karpathy/lecun1989-repro|Backpropagation\ Applied\ to\ Handwritten\ Zip\ Code\ Recognition
    |Yann|Léon|Bottou|Yoshua\ Bengio|Patrick\ Haffner|Gradient-based\ learning\ applied\ to\ document\ recognition
    |CPU|MB|PNG|Enter|Esc|Ctrl|Shift|view|pip\ install\ \.\ &&\ python\ app\.py
    |python\ -m\ http\.server|http://localhost
    |jsonl|svg|csv|safetensors
    )\b""",
    re.VERBOSE | re.ASCII,
)
READ = """() => {
    const found = [document.title, document.querySelector("meta[name=description]").content];
    const foreign = (node) => node.closest("script, style, [lang]:not(html)");
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
        if (!foreign(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
    for (const name of ["aria-label", "title", "placeholder", "alt", "label", "aria-valuetext", "data-head"])
        for (const element of document.querySelectorAll(`[${name}]`))
            if (!foreign(element)) found.push(element.getAttribute(name));
    for (const { ariaLabel } of document.querySelectorAll("canvas")) if (ariaLabel) found.push(ariaLabel);
    return found;
}"""


def texts(page: Page) -> list[str]:
    """All that can be read on it or heard of it, in closed popovers and tabs too."""
    return page.evaluate(READ)


def english(page: Page, own: str = "\0") -> set[str]:
    """What of it holds a word that is no name; `own` is one that a visitor gave."""
    return {text.strip() for text in texts(page) if re.search("[A-Za-z]{2,}", NAMES.sub("", text.replace(own, "")))}
