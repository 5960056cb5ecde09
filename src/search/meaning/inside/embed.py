"""Turns texts into vectors, one line of JSON at a time.

Argument: the directory of the model. On stdin {"id", "text"}, on stdout {"id", "vector"}: the floats in base64. The
first line of stdout says that the model is loaded. It ends with its stdin.

Each text is computed by itself: the model's numbers are quantized over a whole batch, so the neighbours of a text
would change its vector.
"""

import base64
import json
import os
import sys

folder = sys.argv[1]
sys.path.insert(0, os.path.join(folder, "lib"))

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

MOST_TOKENS = 128


def load():
    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    path = os.path.join(folder, "model.onnx")
    return tokenizer, onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def embed(tokenizer, session, text):
    encoded = tokenizer.encode(text)
    ids = np.array([encoded.ids], dtype=np.int64)
    mask = np.array([encoded.attention_mask], dtype=np.int64)
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    (hidden,) = session.run(["last_hidden_state"], feed)
    mean = (hidden[0] * mask[0][:, None]).sum(axis=0) / mask[0].sum()
    norm = np.linalg.norm(mean)
    return (mean / norm if norm > 0 else mean).astype("<f4")


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main():
    os.nice(5)
    tokenizer, session = load()
    say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        vector = embed(tokenizer, session, request["text"])
        say({"id": request["id"], "vector": base64.b64encode(vector.tobytes()).decode()})


main()
