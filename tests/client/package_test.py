"""The installed C++ library: programs elsewhere find it by CMake and by pkg-config, build against it and work."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from agent_fixture import Agent

SOURCE = pathlib.Path(os.environ["CLACKS_SOURCE"])
BUILD = pathlib.Path(os.environ["CLACKS_BIN"]).parent
EXAMPLES = SOURCE / "docs/examples"
SYMBOLS = SOURCE / "tests/client/symbols.txt"
STRICT = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror"]


def run(*command, **options):
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)
    if result.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}\n{result.stdout}{result.stderr}")
    return result.stdout


def cached(name):
    """A variable of the build."""
    return re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.M)[1]


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="clacks-package-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        # Moved after the installation, as a package of a distribution is.
        run("cmake", "--install", BUILD, "--component", "client", "--prefix", cls.folder / "first")
        cls.prefix = cls.folder / "moved"
        (cls.folder / "first").rename(cls.prefix)
        cls.library = next(cls.prefix.rglob("libclacks-common.so"))
        cls.environment = {**os.environ, "LD_LIBRARY_PATH": str(cls.library.parent),
                           "PKG_CONFIG_PATH": str(cls.library.parent / "pkgconfig")}
        cls.compiler = cached("CMAKE_CXX_COMPILER")
        cls.sanitize = [f"-fsanitize={cached('CLACKS_SANITIZE')}"] if cached("CLACKS_SANITIZE") else []

    def pkg_config(self, *arguments):
        return shlex.split(run("pkg-config", *arguments, "clacks-common", env=self.environment))

    def test_examples_by_find_package(self):
        build = self.folder / "examples"
        run("cmake", "-S", EXAMPLES, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_CXX_COMPILER={self.compiler}",
            f"-DCMAKE_CXX_FLAGS={' '.join(STRICT[1:] + self.sanitize)}")
        run("cmake", "--build", build)
        self.assertIn(str(self.prefix), (build / "CMakeCache.txt").read_text())
        self.send_with(build / "sender")

    def test_another_minor_version_is_not_taken(self):
        project = self.folder / "project"
        project.mkdir()
        for version, found in (("0.1", True), ("0.2", False), ("1.0", False)):
            (project / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(wanting LANGUAGES CXX)\n"
                                                    f"find_package(Clacks {version} REQUIRED)\n")
            result = subprocess.run(["cmake", "-S", project, "-B", self.folder / f"wanting-{version}",
                                     f"-DCMAKE_PREFIX_PATH={self.prefix}"], capture_output=True, text=True, check=False)
            with self.subTest(version=version):
                self.assertEqual(result.returncode == 0, found, result.stderr)

    def test_an_example_by_pkg_config(self):
        program = self.folder / "sender"
        run(self.compiler, *STRICT, *self.sanitize, *self.pkg_config("--cflags"), EXAMPLES / "sender.cpp", "-o", program,
            *self.pkg_config("--libs"))
        self.send_with(program)
        version = re.search(r"project\(clacks VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text())[1]
        self.assertEqual(self.pkg_config("--modversion"), [version])

    def send_with(self, program):
        with Agent() as agent:
            linked = run("ldd", program, env=self.environment)
            self.assertIn(str(self.library.parent / "libclacks-common.so.0"), linked)
            run(program, agent.url, env=self.environment)
            agent.stop()
            counted = agent.wait_for_line("counted by the bus")
        self.assertIn("requests 1,", counted)

    def test_each_header_is_whole_and_in_the_reference(self):
        root = self.prefix / "include/clacks"
        headers = sorted(str(header.relative_to(root)) for header in root.rglob("*.hpp"))
        reference = re.findall(r"\$\(CLACKS_SOURCE\)/(\S+\.hpp)", (SOURCE / "docs/Doxyfile").read_text())
        self.assertEqual(headers, sorted(reference))
        for header in headers:
            with self.subTest(header=header):
                run(self.compiler, *STRICT, *self.pkg_config("--cflags"), "-fsyntax-only", "-x", "c++", "-include", header, os.devnull)


class BinaryInterface(unittest.TestCase):
    """What programs that were linked before rely on: symbols.txt, whose first line is the SONAME it belongs to."""

    def test_symbols(self):
        library = BUILD / "lib/libclacks-common.so"
        soname = re.search(r"SONAME.*\[(.*)\]", run("readelf", "-dW", library))[1]
        if re.search(r"\bU __[at]san_init", run("nm", "-D", library)):
            self.skipTest("sanitizers add symbols and leave others out")
        symbols = sorted(set(re.findall(r"^[0-9a-f]+ [TDBRV] (.*\bclacks::.*)$",
                                        run("nm", "-DC", "--defined-only", library), re.M)))
        # Without lambdas of the insides, whose type information is shown as that of their class.
        own = [name for name in symbols if re.match(r"(typeinfo( name)? for |vtable for )?clacks::", name) and "::Impl::" not in name]
        known, *listed = SYMBOLS.read_text().splitlines()
        self.assertEqual(soname, known, "a new version of the binary interface begins with a new symbols.txt")
        self.assertEqual(sorted(set(listed) - set(own)), [], "these are gone: raise CLACKS_ABI in common/client/CMakeLists.txt")
        self.assertEqual(sorted(set(own) - set(listed)), [], "these are new: add them to symbols.txt")


unittest.main()
