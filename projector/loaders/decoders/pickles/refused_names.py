"""Names that only an attack has in a pickle of data: a pickle with one of them is refused.

Nothing that a pickle names is ever imported or called, so no name can do harm here. A file that
asks for one of these was made to do harm elsewhere, and none of it is to be trusted.
"""

from __future__ import annotations

#: Modules that run programs and code, reach files, the network or the interpreter. A leading
#: underscore (`_io`, `_socket`) makes no difference.
_MODULES = frozenset(
    str.split(
        """
        os posix nt posixpath ntpath sys subprocess posixsubprocess shutil socket socketserver ssl
        importlib runpy pkgutil pydoc pty code codeop ctypes pickle cPickle pickletools marshal
        shelve dbm builtins __builtin__ __builtins__ operator functools itertools timeit cProfile
        profile pdb bdb doctest trace webbrowser antigravity urllib urllib2 http httplib ftplib
        smtplib poplib imaplib nntplib telnetlib xmlrpc asyncio multiprocessing threading thread
        signal inspect types gc tempfile pathlib2 glob io pyio fileinput zipimport zipapp pip
        setuptools distutils ensurepip venv commands popen2 platform site nturl2path imp copyreg
        copy_reg codecs rlcompleter idlelib tkinter lib2to3 fcntl termios resource mmap winreg
        winapi msvcrt sqlite3 requests aiohttp paramiko fsspec
        """
    )
)
#: What these modules have that data names, too: values, types that only hold something, and
#: functions that only compute.
_HARMLESS = {
    "builtins": """
        tuple complex bytes bytearray slice range Ellipsis NotImplemented type iter reversed
        enumerate zip abs all any ascii bin bool callable chr divmod format hash hex id isinstance
        issubclass len max min next oct ord pow print repr round sorted sum
        """,
    "functools": "partial cmp_to_key",
    "operator": """
        itemgetter add sub mul truediv floordiv mod neg pos lt le eq ne gt ge and_ or_ not_ xor
        contains matmul
        """,
    "itertools": """
        count cycle repeat chain islice product permutations combinations accumulate zip_longest
        """,
    "types": "SimpleNamespace MappingProxyType GenericAlias NoneType EllipsisType",
    "inspect": "_empty Signature Parameter _ParameterKind",
    "io": "BytesIO StringIO",
    "signal": "Signals",
    "os": "stat_result",
    "platform": "uname_result",
    "urllib.parse": "ParseResult SplitResult",
    "http": "HTTPStatus",
}
_HARMLESS_NAMES = frozenset(
    f"{module}.{name}" for module, names in _HARMLESS.items() for name in names.split()
)
#: Types whose methods only compute: `str.lower` is a usual option.
_TYPES = frozenset(str.split("str int float bytes list dict tuple set frozenset"))
#: Other libraries' ways to the same.
_BEGINNINGS = tuple(
    str.split(
        """
        torch.hub torch.serialization torch.utils.cpp_extension torch.utils.collect_env
        torch.utils.bottleneck torch.jit.load torch.jit.unsupported torch.load torch.save
        torch.classes torch.ops torch._inductor torch._dynamo.guards torch.distributed.rpc
        torch.distributed.run torch.distributed.launch torch.multiprocessing.spawn
        torch.package torch.onnx torch.fx.experimental torch.utils._config_module numpy.testing
        numpy.f2py numpy.distutils numpy.lib.npyio
        numpy.lib._npyio_impl numpy.load numpy.fromfile numpy.memmap numpy.genfromtxt
        numpy.save numpy.fromregex numpy.DataSource pandas.read_ pandas.io pandas.eval
        pandas.core.computation joblib.load joblib.dump joblib.memory joblib.externals
        joblib.parallel cloudpickle.load cloudpickle.subimport cloudpickle.cloudpickle.subimport
        dill.load dill.loads dill._dill._import_module dill._dill._create_filehandle
        uuid._ logging.config. logging.handlers. scipy.io test.support tensorflow.io
        """
    )
)
#: Modules that other modules have among their names: `logging.os`, `collections.abc.sys`.
_REACHED = frozenset(
    str.split("os sys subprocess shutil socket importlib builtins ctypes runpy pickle marshal pty")
)


def is_refused(module: str, name: str) -> bool:
    """Tell whether a pickle that names ``module.name`` was made to do harm."""
    full = f"{module.lstrip('_')}.{name}"
    root, steps = module.partition(".")[0], name.split(".")
    if full in _HARMLESS_NAMES or (root == "builtins" and _is_plain(steps)):
        return False
    if not module or not name or root in _MODULES or root.lstrip("_") in _MODULES:
        return True
    # With protocol 4 a name can lead through attributes: "abc.sys.modules".
    if any(step in _REACHED or not step or _is_special(step) for step in steps):
        return True
    return full.startswith(_BEGINNINGS)


def _is_plain(steps: list[str]) -> bool:
    """Recognize errors, and methods of plain types."""
    if len(steps) == 1:
        return steps[0].endswith(("Error", "Exception", "Warning"))
    return len(steps) == 2 and steps[0] in _TYPES and not steps[1].startswith("_")


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
