"""A Network in, an ONNX model out: token numbers of texts of one length in, the mean of their last states out.

It reads texts of one length at a time, so it needs no mask: without one, ONNX Runtime attends in blocks that stay in
the cache, no padding is computed, and a text's vector never depends on its neighbours in a batch. Weights:

- matrices: 7 bits a weight with a scale for each output, times activations quantised to 8 bits as they come. With 8
  bits a weight, AVX2 processors without VNNI add two products in 16 bits and overflow; 7 bits cost .0004 of cosine.
- word vectors: the 4-bit blocks as they are, unpacked for the words of a text only.

Measured on two cores of an EPYC with VNNI, against the same network in float32 (mean cosine, tokens a CPU second):
7 bits .9968, 4,400; the 4-bit blocks by MatMulNBits 1.0000, 2,000; unsigned 8 bits .9971, 2,000.
"""

from typing import TYPE_CHECKING, Any

from assistant.packed import BLOCK, Network

if TYPE_CHECKING:
    import numpy as np
    import onnx
    from numpy.typing import NDArray

INPUT, MEAN = "input_ids", "mean_hidden_state"
GREATEST = 63  # of 7 bits with a sign
# Opset 21 knows 4-bit tensors and came with IR version 10; ONNX Runtime reads both since 1.20.
OPSET, IR_VERSION = 21, 10
_MICROSOFT = "com.microsoft"


class _Graph:
    """Nodes and constants, gathered."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: "NDArray[Any]") -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def node(self, kind: str, inputs: list[str], *outputs: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], domain=domain, **attributes))
        return outputs[0]


def model(network: Network) -> "onnx.ModelProto":
    """The model, with its weights inside."""
    from onnx import TensorProto, helper

    graph = _Graph()
    state = _embedded(graph, network)
    for layer in range(network.layers):
        state = _layer(graph, network, f"l{layer}.", state)
    graph.node("ReduceMean", [state, graph.constant("tokens", _integers(1))], MEAN, keepdims=0)
    wanted = helper.make_tensor_value_info(INPUT, TensorProto.INT64, ["texts", "tokens"])
    given = helper.make_tensor_value_info(MEAN, TensorProto.FLOAT, ["texts", network.hidden])
    return helper.make_model(
        helper.make_graph(graph.nodes, "e5", [wanted], [given], graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=IR_VERSION,
        producer_name="jushi",
    )


def _integers(*values: int) -> "NDArray[np.int64]":
    import numpy as np

    return np.array(values, np.int64)


def _embedded(graph: _Graph, network: Network) -> str:
    """Word, position and type vectors, added and normalised."""
    from onnx import TensorProto

    weights, scales = network.blocks("emb.word", network.rows)
    halves = weights.reshape(-1, 2).view("u1") & 15  # two's complement in four bits, the even ones low
    packed = TensorProto(name="word", data_type=TensorProto.INT4, dims=[network.rows, network.hidden])
    packed.raw_data = (halves[:, 0] | halves[:, 1] << 4).tobytes()
    graph.constants.append(packed)
    word = graph.node(
        *("GatherBlockQuantized", ["word", INPUT, graph.constant("word.scale", scales.astype("f4"))], "word.vector"),
        domain=_MICROSOFT,
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    places = network.floats("emb.pos", network.positions, network.hidden)
    kind = network.floats("emb.type", network.types, network.hidden)[0]
    graph.constant("place", places + kind)
    graph.node("Shape", [INPUT], "length", start=1)
    graph.node("Slice", ["place", graph.constant("first", _integers(0)), "length"], "place.vector")
    return _normalised(graph, network, "emb.ln", graph.node("Add", [word, "place.vector"], "sum"))


def _layer(graph: _Graph, network: Network, at: str, state: str) -> str:
    """Attention and the inner layer, each added to what went in, then normalised."""
    hidden, inner = network.hidden, network.inner
    shared = _product(graph, network, f"{at}qkv", state, [f"{at}{one}" for one in "qkv"], hidden)
    graph.node("Split", [shared], f"{at}q", f"{at}k", f"{at}v", axis=-1, num_outputs=3)
    attended = graph.node(
        *("MultiHeadAttention", [f"{at}q", f"{at}k", f"{at}v"], f"{at}attended"),
        domain=_MICROSOFT,
        num_heads=network.heads,
    )
    told = _product(graph, network, f"{at}ao", attended, [f"{at}ao"], hidden)
    # Added and normalised by two nodes: the fused one (SkipLayerNormalization) takes six times as long.
    state = _normalised(graph, network, f"{at}aln", graph.node("Add", [state, told], f"{at}ao.sum"))
    wide = _product(graph, network, f"{at}fi", state, [f"{at}fi"], inner)
    wide = graph.node("Gelu", [wide], f"{at}fi.gelu")
    narrow = _product(graph, network, f"{at}fo", wide, [f"{at}fo"], hidden)
    return _normalised(graph, network, f"{at}oln", graph.node("Add", [state, narrow], f"{at}fo.sum"))


def _product(graph: _Graph, network: Network, name: str, state: str, sources: list[str], rows: int) -> str:
    """``state`` times the matrices of ``sources`` one beside the other, plus their biases."""
    import numpy as np

    matrix = np.concatenate([network.weights(f"{one}.w", rows) for one in sources])
    bias = np.concatenate([network.floats(f"{one}.b") for one in sources])
    scale = np.abs(matrix).max(axis=1) / np.float32(GREATEST)
    scale[scale == 0] = 1
    rounded = np.rint(matrix / scale[:, None]).astype(np.int8).T
    graph.node("DynamicQuantizeLinear", [state], f"{name}.in", f"{name}.in.scale", f"{name}.in.zero")
    weights, scales = graph.constant(f"{name}.weight", rounded), graph.constant(f"{name}.scale", scale)
    inputs = [f"{name}.in", weights, f"{name}.in.scale", scales, f"{name}.in.zero"]
    inputs += ["", graph.constant(f"{name}.bias", bias)]
    return graph.node("MatMulIntegerToFloat", inputs, f"{name}.out", domain=_MICROSOFT)


def _normalised(graph: _Graph, network: Network, name: str, state: str) -> str:
    factors = [graph.constant(f"{name}.{one}", network.floats(f"{name}.{one}")) for one in "wb"]
    return graph.node("LayerNormalization", [state, *factors], f"{name}.out", axis=-1, epsilon=network.epsilon)
