"""Names that only an attack has, and names that only look like it."""

from __future__ import annotations

import pytest

from projector.loaders.decoders.pickles.refused_names import is_refused


@pytest.mark.parametrize(
    "full",
    str.split(
        """
        os:system posix:system nt:system os.path:join _io:open io:open sys:exit subprocess:Popen
        _posixsubprocess:fork_exec shutil:rmtree socket:socket _socket:socket ctypes:CDLL
        ctypes.util:find_library builtins:eval builtins:exec builtins:getattr builtins:__import__
        builtins:str.__class__ builtins:dict.x.y builtins:globals builtins:vars operator:call
        builtins:compile builtins:open builtins:setattr __builtin__:apply __builtin__:execfile
        pickle:loads _pickle:loads cPickle:loads marshal:loads runpy:run_path
        importlib:import_module importlib.machinery:SourceFileLoader webbrowser:open
        types:CodeType types:FunctionType types:MethodType operator:attrgetter
        operator:methodcaller _operator:attrgetter functools:reduce itertools:starmap
        pkgutil:resolve_name pydoc:pipepager code:InteractiveInterpreter timeit:timeit
        cProfile:run pdb:run bdb:Bdb urllib.request:urlopen http.client:HTTPConnection
        asyncio.unix_events:_UnixSubprocessTransport multiprocessing.util:spawnv_passfds
        copyreg:add_extension codecs:open pip:main site:main fileinput:input mmap:mmap
        torch:load torch.hub:load torch.serialization:load torch.jit:load numpy:load numpy:fromfile
        numpy:memmap numpy.testing._private.utils:runstring pandas:read_pickle pandas:eval
        joblib:load cloudpickle:loads dill:loads uuid:_get_command_stdout scipy.io:loadmat
        my.models:Net.__globals__ my.models:Net.os.system collections:abc.sys.modules
        logging:os my.models:subprocess a:..b :name module: my.models:__builtins__
        """
    ),
)
def test_names_of_attacks_are_refused(full: str) -> None:
    module, _, name = full.partition(":")
    assert is_refused(module, name)


@pytest.mark.parametrize(
    "full",
    str.split(
        """
        my.models:Net my.models:Net.Config os_tools:Net operators.convolution:Conv
        my.types:Enum code_search.model:Encoder collections:Counter enum:Enum
        functools:partial
        builtins:hash builtins:len builtins:str.lower builtins:KeyError operator:add
        _operator:itemgetter _functools:partial operator:itemgetter builtins:slice
        builtins:range builtins:complex types:SimpleNamespace
        itertools:count io:BytesIO _io:BytesIO argparse:Namespace dataclasses:Field
        numpy.random._pickle:__generator_ctor numpy.random._pcg64:PCG64 random:Random
        omegaconf.dictconfig:DictConfig torch.optim.adam:Adam torch.optim.lr_scheduler:StepLR
        pandas.core.frame:DataFrame sklearn.decomposition._pca:PCA transformers:TrainingArguments
        torch._dynamo.eval_frame:OptimizedModule pytorch_lightning.utilities.parsing:AttributeDict
        cloudpickle.cloudpickle:_make_skeleton_class uuid:UUID scipy.sparse._csr:csr_matrix
        systems.model:Net piping:Pipe requests_model:Encoder
        """
    ),
)
def test_names_of_data_are_not(full: str) -> None:
    module, _, name = full.partition(":")
    assert not is_refused(module, name)
