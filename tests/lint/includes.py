"""Every #include of ours follows the arrows of docs/architecture.md; system libraries stay in their folders."""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(os.environ["CLACKS_SOURCE"])
FENCED = {
    "proton/": {"common/amqp", "common/client", "agent/bus"},
    "xercesc/": {"common/xml", "common/events"},
    "spdlog/": {"common/log"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def arrows(text):
    block = re.search(r"```arrows\n(.*?)```", text, re.S).group(1)
    graph = {}
    for line in block.splitlines():
        left, right = line.split("->")
        graph[left.strip()] = set(right.split())
    return graph


def folder(path):
    return "/".join(path.split("/")[:2])


def check(graph, sources):
    problems = []
    for name, text in sources:
        own = folder(name) if name.count("/") > 1 else "agent/core"  # agent/main.cpp stands on core
        if own not in graph:
            problems.append(f"{name}: the folder {own} has no line in docs/architecture.md")
            continue
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            quote, target = match.groups()
            if quote == "<":
                for prefix, allowed in FENCED.items():
                    if target.startswith(prefix) and own not in allowed:
                        problems.append(f"{name}:{line}: <{target}> may be included only in {', '.join(sorted(allowed))}")
            elif folder(target) != own and folder(target) not in graph[own]:
                problems.append(f"{name}:{line}: {own} may not use {folder(target)} (\"{target}\")")
    return problems


def acyclic(graph):
    done, path = set(), []

    def visit(node):
        if node in path:
            return [f"docs/architecture.md: the arrows run in a circle: {' -> '.join(path[path.index(node):] + [node])}"]
        if node in done:
            return []
        path.append(node)
        found = [p for other in sorted(graph.get(node, ())) for p in visit(other)]
        path.pop()
        done.add(node)
        return found

    return [p for node in sorted(graph) for p in visit(node)]


def self_test():
    graph = {"common/base": set(), "common/xml": {"common/base"}}
    good = ("common/xml/a.cpp", '#include "common/base/x.hpp"\n#include <vector>\n')
    bad = ("common/base/b.cpp", '#include "common/xml/y.hpp"\n#include <proton/link.h>\n')
    assert check(graph, [good]) == []
    assert len(check(graph, [bad])) == 2
    assert acyclic(graph) == [] and acyclic({"a/b": {"c/d"}, "c/d": {"a/b"}})


def main():
    self_test()
    document = (ROOT / "docs/architecture.md").read_text()
    graph = arrows(document)
    sources = [(str(p.relative_to(ROOT)), p.read_text())
               for top in ("common", "agent") for p in sorted((ROOT / top).rglob("*")) if p.suffix in (".cpp", ".hpp")]
    problems = acyclic(graph) + check(graph, sources)
    for page in ("docs/architecture.md", "docs/threads.md"):
        for path in re.findall(r"`((?:agent|common|tests|docs|data)/[\w./-]+\.\w+)`", (ROOT / page).read_text()):
            if not (ROOT / path).exists():
                problems.append(f"{page} names {path}, which does not exist")
    print("\n".join(problems) or f"{len(sources)} sources follow the arrows")
    return 1 if problems else 0


sys.exit(main())
