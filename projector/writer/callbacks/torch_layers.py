"""What a layer of a torch model gives, without leaving a trace in the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from projector.errors import UnknownNameError


@contextmanager
def embedding(model: Any, layer: str) -> Iterator[Callable[[Any], Any]]:
    """Give a function from the inputs of a batch to what `layer` gives for them.

    The model is in evaluation mode meanwhile; afterwards each of its modules is in the mode that
    it was in.

    Raises
    ------
    UnknownNameError
        The model has no such layer.
    """
    import torch

    modules = dict(model.named_modules())
    if layer not in modules:
        raise UnknownNameError("layer", layer, [name for name in modules if name])
    caught: list[Any] = []
    handle = modules[layer].register_forward_hook(lambda _layer, _given, out: caught.append(out))
    training = [module for module in modules.values() if module.training]
    device = next((each.device for each in model.parameters()), None)

    def embed(inputs: Any) -> Any:
        caught.clear()
        inputs = _moved(inputs, device)
        mask = inputs.get("attention_mask") if isinstance(inputs, Mapping) else None
        _ = model(**inputs) if isinstance(inputs, Mapping) else model(inputs)
        return _rows(caught[-1], mask)

    try:
        model.train(False)
        with torch.no_grad():
            yield embed
    finally:
        handle.remove()
        for module in training:
            module.training = True


def _moved(inputs: Any, device: Any) -> Any:
    """Return inputs on the model's device."""
    if isinstance(inputs, Mapping):
        return {key: _moved(value, device) for key, value in inputs.items()}
    return inputs.to(device) if device is not None and hasattr(inputs, "to") else inputs


def _rows(given: Any, mask: Any) -> Any:
    """Return one vector a row: the mean of tokens that are no padding, or of a map's places."""
    while not hasattr(given, "shape"):
        given = given[0]
    if given.ndim == 3 and mask is not None:
        kept = mask[..., None].to(given.dtype)
        return (given * kept).sum(1) / kept.sum(1).clamp(min=1)
    return given.flatten(2).mean(2) if given.ndim == 4 else given  # (n, channels, height, width)
