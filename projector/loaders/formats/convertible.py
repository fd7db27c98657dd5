"""Formats that are recognized and not read, each with the line that converts a file of it.

What is here belongs to programs that can read it themselves, keeps vectors only in a compressed
form, or holds programs rather than data.
"""

from __future__ import annotations

from dataclasses import dataclass

from projector.loaders.base import File
from projector.loaders.safe_files import printable

#: Control characters that text does not have.
_BINARY = bytes(set(range(32)) - {9, 10, 12, 13, 27})


@dataclass(frozen=True)
class Convertible:
    """One format.

    Attributes
    ----------
    title : str
        With its article: ``"an Excel table"``.
    suffixes : tuple of str
    advice : str
        What to do; ``{name}`` is the file.
    marks : tuple of (int, bytes)
        Offsets and the bytes there, one of which every file has; by suffix alone where empty.
    plain : bool
        Whether the suffix also stands for texts, which are something else.
    """

    title: str
    suffixes: tuple[str, ...]
    advice: str
    marks: tuple[tuple[int, bytes], ...] = ()
    plain: bool = False

    def takes(self, file: File) -> bool:
        """Tell whether a file is of this format."""
        head = file.head()
        marked = any(head[at : at + len(mark)] == mark for at, mark in self.marks)
        if marked and not self.suffixes:
            return True
        if not head or not file.name.lower().endswith(self.suffixes):
            return False
        if self.plain and not any(byte in head for byte in _BINARY):
            return False
        return marked or not self.marks

    def message(self, file: File) -> str:
        """Say what a file is and what to do."""
        return f"is {self.title}. {self.advice.format(name=printable(file.name))}"


def _python(code: str) -> str:
    return f'Convert it: python -c "{code}"'


_ZIP, _OLE = (0, b"PK\x03\x04"), (0, b"\xd0\xcf\x11\xe0")
_TABLE = "import pandas; pandas.{read}('{{name}}').to_csv('table.csv', index=False)"
_UNPACK = "Unpack it, and open what is inside: unzip {name} -d model"
_FRAMEWORK = (
    "Save the weights in the program that it was made from: numpy.save('vectors.npy', weights)"
)

CONVERTIBLE: tuple[Convertible, ...] = (
    Convertible(
        "an Excel table",
        (".xlsx", ".xlsm", ".xlsb", ".xls"),
        _python(_TABLE.format(read="read_excel")),
        (_ZIP, _OLE),
    ),
    Convertible(
        "an OpenDocument table",
        (".ods",),
        _python(_TABLE.format(read="read_excel")),
        (_ZIP,),
    ),
    Convertible(
        "an R object",
        (".rds",),
        "Convert it: Rscript -e \"write.csv(as.matrix(readRDS('{name}')), 'vectors.csv')\"",
    ),
    Convertible(
        "an R workspace",
        (".rdata", ".rda"),
        "Convert the matrix X in it: Rscript -e \"load('{name}'); write.csv(X, 'vectors.csv')\"",
    ),
    Convertible(
        "a Seurat object",
        (".h5seurat",),
        "Convert it: Rscript -e \"SeuratDisk::Convert('{name}', dest = 'h5ad')\"",
    ),
    Convertible(
        "an SPSS table",
        (".sav", ".zsav"),
        _python(_TABLE.format(read="read_spss")),
        ((0, b"$FL2"), (0, b"$FL3")),
    ),
    Convertible("a Stata table", (".dta",), _python(_TABLE.format(read="read_stata"))),
    Convertible("a SAS table", (".sas7bdat", ".xpt"), _python(_TABLE.format(read="read_sas"))),
    Convertible(
        "an ORC table",
        (".orc",),
        _python(
            "import pyarrow.orc as o, pyarrow.parquet as p; "
            "p.write_table(o.read_table('{name}'), 'table.parquet')"
        ),
        ((0, b"ORC"),),
    ),
    Convertible(
        "an Avro file", (".avro",), "Convert it: fastavro {name} > table.jsonl", ((0, b"Obj\x01"),)
    ),
    Convertible(
        "a DuckDB database",
        (".duckdb", ".db", ".ddb"),
        "Export its table: duckdb {name} \"COPY (FROM my_table) TO 'table.parquet'\"",
        ((8, b"DUCK"),),
    ),
    Convertible(
        "a part of a LanceDB table",
        (".lance",),
        _python(
            "import lancedb; lancedb.connect('FOLDER').open_table('TABLE').to_pandas()"
            ".to_parquet('table.parquet')"
        ),
    ),
    Convertible(
        "an Annoy index",
        (".ann", ".annoy"),
        _python(
            "import annoy, numpy; a = annoy.AnnoyIndex(DIMENSIONS, 'angular'); a.load('{name}'); "
            "numpy.save('vectors.npy', [a.get_item_vector(i) for i in range(a.get_n_items())])"
        ),
        plain=True,
    ),
    Convertible(
        "an hnswlib index",
        (".hnsw",),
        _python(
            "import hnswlib, numpy; h = hnswlib.Index('cosine', DIMENSIONS); "
            "h.load_index('{name}'); numpy.save('vectors.npy', h.get_items(h.get_ids_list()))"
        ),
    ),
    Convertible(
        "a USearch index",
        (".usearch",),
        _python(
            "import numpy; from usearch.index import Index; i = Index.restore('{name}'); "
            "numpy.save('vectors.npy', i.get(numpy.array(i.keys)))"
        ),
    ),
    Convertible(
        "a TensorFlow Lite model",
        (".tflite", ".lite"),
        _python(
            "import numpy, tensorflow as tf; i = tf.lite.Interpreter('{name}'); "
            "i.allocate_tensors(); [numpy.save(str(t['index']), i.get_tensor(t['index'])) "
            "for t in i.get_tensor_details() if len(t['shape']) == 2]"
        ),
    ),
    Convertible(
        "a TFRecord file",
        (".tfrecord", ".tfrecords"),
        "Read it in the program that knows its fields, with tf.data.TFRecordDataset('{name}') and "
        "tf.io.parse_single_example, and save the vectors: numpy.save('vectors.npy', vectors)",
    ),
    Convertible("a Core ML model", (".mlmodel",), _FRAMEWORK),
    Convertible("a TensorRT engine", (".engine", ".plan", ".trt"), _FRAMEWORK, plain=True),
    Convertible("a Caffe model", (".caffemodel",), _FRAMEWORK),
    Convertible("an ONNX Runtime model", (".ort",), "Open the .onnx file that it was made from."),
    Convertible("a TorchServe archive", (".mar",), _UNPACK, (_ZIP,)),
    Convertible(
        "an old GGML model",
        (),
        "Convert it to GGUF with llama.cpp.",
        ((0, b"lmgg"), (0, b"tjgg"), (0, b"fmgg"), (0, b"algg")),
    ),
    Convertible("a Lua Torch file", (".t7",), _FRAMEWORK),
    Convertible(
        "an LMDB environment",
        (".mdb", ".lmdb"),
        "Read it in the program that knows its keys, and save the vectors: "
        "numpy.save('vectors.npy', vectors)",
    ),
)


def find_convertible(file: File) -> Convertible | None:
    """Return the format that a file is of, or None."""
    return next((each for each in CONVERTIBLE if each.takes(file)), None)
