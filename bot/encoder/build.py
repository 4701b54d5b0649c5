"""Write MiniLM as an int8 ONNX graph, straight from its safetensors, without PyTorch.

Runs in the build-only environment (`bot/encoder/requirements.txt`):

    python bot/encoder/build.py MODEL_DIR ADAPTER OUT_FOLDER

Writes encoder.onnx, and plain.onnx: the same without the adapted branch, for messages to train on.

Inputs:  input_ids, attention_mask   int64 [batch, tokens]
Outputs: embedding  float [batch, 384]           unit-length sentence embedding (mean of the last layer)
         last       float [batch, tokens, 384]   last layer, from which words are credited
         middle     float [batch, tokens, 384]   mean of hidden layers 3 and 4, where affect is strongest
         opinion    float [batch, labels]        logits of the adapted branch: all heads' labels, one after another

The lower layers are shared; from `KEPT_LAYERS` on, a second branch runs with the weights that `adapt.py` fitted to
our labels (`adapter.npz`).
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import onnx.utils
from onnx import NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

OPSET = 17
MASKED = 10_000.0  # subtracted from attention scores of padding: large, yet exact in float32
MIDDLE_LAYERS = (3, 4)
KEPT_LAYERS = 2  # the lower layers, which the adapted branch shares
ADAPTED = "adapted."
INPUTS = ("input_ids", "attention_mask")
OPINION_PRODUCT = "opinion_product"


class Graph:
    """Collects ONNX nodes and constants; every method returns the name of the tensor it made."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}

    def constant(self, name: str, value: object, dtype: type = np.float32) -> str:
        if name not in self.constants:
            array = np.ascontiguousarray(np.asarray(value, dtype))
            self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def ints(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)), values, np.int64)

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        output = output or f"{operator}_{len(self.nodes)}"
        node = helper.make_node(operator, list(inputs), [output], name=f"node_{output}", **attributes)
        self.nodes.append(node)
        return output


class MiniLm:
    """The BERT architecture, written once in terms of `Graph`."""

    def __init__(self, folder: Path, adapter: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        self.layers: int = config["num_hidden_layers"]
        self.width: int = config["hidden_size"]
        self.heads: int = config["num_attention_heads"]
        self.epsilon: float = config["layer_norm_eps"]
        weights = load_file(folder / "model.safetensors")
        self.weights = {name.removeprefix("bert."): value for name, value in weights.items()}
        with np.load(adapter) as stored:
            self.heads_of_opinion = (stored["heads.weight"].astype(np.float32), stored["heads.bias"].astype(np.float32))
            self.weights |= adapted(self.weights, stored)
        self.graph = Graph()

    def build(self) -> onnx.ModelProto:
        mask = self.graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
        bias = self._attention_bias(mask)
        hidden = [self._embed()]
        for layer in range(self.layers):
            hidden.append(self._layer(hidden[-1], bias, f"encoder.layer.{layer}"))
        self._outputs(hidden, mask)
        self._opinion(hidden[: KEPT_LAYERS + 1], bias, mask)
        return self._model()

    def _embed(self) -> str:
        graph, table = self.graph, "embeddings.{}_embeddings.weight"
        words = graph.constant("words", self.weights[table.format("word")])
        # Every message is one segment, so segment 0's vector is folded into the positions.
        positions = self.weights[table.format("position")] + self.weights[table.format("token_type")][:1]
        length = graph.add("Slice", graph.add("Shape", "input_ids"), graph.ints(1), graph.ints(2))
        used = graph.add("Slice", graph.constant("positions", positions), graph.ints(0), length)
        summed = graph.add("Add", graph.add("Gather", words, "input_ids"), used)
        return self._norm(summed, "embeddings.LayerNorm")

    def _attention_bias(self, mask: str) -> str:
        graph = self.graph
        absent = graph.add("Sub", mask, graph.constant("one", 1))
        scaled = graph.add("Mul", absent, graph.constant("masked", MASKED))
        return graph.add("Unsqueeze", scaled, graph.ints(1, 2))

    def _layer(self, x: str, bias: str, prefix: str) -> str:
        attended = self._attention(x, bias, f"{prefix}.attention.self")
        projected = self._linear(attended, f"{prefix}.attention.output.dense")
        x = self._norm(self.graph.add("Add", projected, x), f"{prefix}.attention.output.LayerNorm")
        raised = self._gelu(self._linear(x, f"{prefix}.intermediate.dense"))
        lowered = self._linear(raised, f"{prefix}.output.dense")
        return self._norm(self.graph.add("Add", lowered, x), f"{prefix}.output.LayerNorm")

    def _attention(self, x: str, bias: str, prefix: str) -> str:
        graph = self.graph
        query = self._heads(x, f"{prefix}.query", [0, 2, 1, 3])
        key = self._heads(x, f"{prefix}.key", [0, 2, 3, 1])
        value = self._heads(x, f"{prefix}.value", [0, 2, 1, 3])
        scale = graph.constant("scale", 1 / np.sqrt(self.width // self.heads))
        scores = graph.add("Add", graph.add("Mul", graph.add("MatMul", query, key), scale), bias)
        mixed = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
        merged = graph.add("Transpose", mixed, perm=[0, 2, 1, 3])
        return graph.add("Reshape", merged, graph.ints(0, 0, self.width))

    def _heads(self, x: str, name: str, order: list[int]) -> str:
        shape = self.graph.ints(0, 0, self.heads, self.width // self.heads)
        split = self.graph.add("Reshape", self._linear(x, name), shape)
        return self.graph.add("Transpose", split, perm=order)

    def _linear(self, x: str, name: str) -> str:
        graph = self.graph
        matrix = graph.constant(f"{name}.matrix", self.weights[f"{name}.weight"].T)
        offset = graph.constant(f"{name}.offset", self.weights[f"{name}.bias"])
        return graph.add("Add", graph.add("MatMul", x, matrix), offset)

    def _norm(self, x: str, name: str) -> str:
        scale = self.graph.constant(f"{name}.scale", self.weights[f"{name}.weight"])
        offset = self.graph.constant(f"{name}.offset", self.weights[f"{name}.bias"])
        return self.graph.add("LayerNormalization", x, scale, offset, axis=-1, epsilon=self.epsilon)

    def _gelu(self, x: str) -> str:
        graph = self.graph
        erf = graph.add("Erf", graph.add("Mul", x, graph.constant("root_half", np.sqrt(0.5))))
        gate = graph.add("Add", erf, graph.constant("one", 1))
        return graph.add("Mul", graph.add("Mul", x, gate), graph.constant("half", 0.5))

    def _outputs(self, hidden: list[str], mask: str) -> None:
        graph = self.graph
        graph.add("Identity", hidden[-1], output="last")
        pair = graph.add("Add", *(hidden[layer] for layer in MIDDLE_LAYERS))
        graph.add("Mul", pair, graph.constant("half", 0.5), output="middle")
        graph.add("LpNormalization", self._mean("last", mask), output="embedding", axis=1, p=2)

    def _mean(self, x: str, mask: str) -> str:
        """Over the pieces of a message."""
        graph = self.graph
        weights = graph.add("Unsqueeze", mask, graph.ints(2))
        total = graph.add("ReduceSum", graph.add("Mul", x, weights), graph.ints(1), keepdims=0)
        return graph.add("Div", total, graph.add("ReduceSum", weights, graph.ints(1), keepdims=0))

    def _opinion(self, hidden: list[str], bias: str, mask: str) -> None:
        """The adapted branch: its last layer, with its middle layers beside it, through one linear map."""
        graph = self.graph
        for layer in range(KEPT_LAYERS, self.layers):
            hidden = [*hidden, self._layer(hidden[-1], bias, f"{ADAPTED}encoder.layer.{layer}")]
        final = graph.add("LpNormalization", self._mean(hidden[-1], mask), axis=1, p=2)
        pair = graph.add("Add", *(hidden[layer] for layer in MIDDLE_LAYERS))
        middle = self._mean(graph.add("Mul", pair, graph.constant("half", 0.5)), mask)
        both = graph.add("Concat", self._unit_sized(final), self._standardised(middle), axis=1)
        weights, offsets = self.heads_of_opinion
        mapped = graph.add("MatMul", both, graph.constant("opinion.matrix", weights.T), output=OPINION_PRODUCT)
        graph.add("Add", mapped, graph.constant("opinion.offset", offsets), output="opinion")

    def _unit_sized(self, x: str) -> str:
        return self.graph.add("Mul", x, self.graph.constant("root_width", np.sqrt(self.width)))

    def _standardised(self, x: str) -> str:
        scale = self.graph.constant("ones", np.ones(self.width))
        return self.graph.add("LayerNormalization", x, scale, axis=-1, epsilon=1e-5)

    def _model(self) -> onnx.ModelProto:
        def tensor(name: str, dtype: int, *shape: object) -> ValueInfoProto:
            return helper.make_tensor_value_info(name, dtype, shape)

        inputs = [tensor(name, TensorProto.INT64, "b", "t") for name in INPUTS]
        outputs = [tensor("embedding", TensorProto.FLOAT, "b", self.width)]
        outputs += [tensor("opinion", TensorProto.FLOAT, "b", len(self.heads_of_opinion[1]))]
        outputs += [tensor(name, TensorProto.FLOAT, "b", "t", self.width) for name in ("last", "middle")]
        constants = list(self.graph.constants.values())
        graph = helper.make_graph(self.graph.nodes, "minilm", inputs, outputs, constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = 8  # the newest that the pinned onnxruntime is sure to read with this opset
        onnx.checker.check_model(model)
        return model


def adapted(weights: Mapping[str, np.ndarray], adapter: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The upper layers once more, under the prefix `ADAPTED`, each matrix W with its correction: W + B·A."""
    found = {}
    for name, value in weights.items():
        part, _, kind = name.rpartition(".")
        if name.startswith("encoder.layer.") and int(name.split(".")[2]) >= KEPT_LAYERS:
            corrected = kind == "weight" and f"{part}.a" in adapter
            change = adapter[f"{part}.b"].astype(np.float32) @ adapter[f"{part}.a"].astype(np.float32) if corrected else 0
            found[f"{ADAPTED}{name}"] = value + change
    return found


def build(source: Path, adapter: Path, folder: Path) -> None:
    """Read the weights in `source` and their adapter, write the int8 graphs into `folder`."""
    target = folder / "encoder.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        onnx.save(MiniLm(source, adapter).build(), str(full))
        kept = [f"node_{OPINION_PRODUCT}"]  # one row: nothing to gain from int8
        quantize_dynamic(full, target, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=kept)
    onnx.utils.extract_model(target, folder / "plain.onnx", list(INPUTS), ["embedding", "middle"])


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("Usage: python bot/encoder/build.py MODEL_DIR ADAPTER OUT_FOLDER")
    build(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
