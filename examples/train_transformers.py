"""Watch a small BERT with the callback: ``python examples/train_transformers.py runs``.

Needs torch, transformers and accelerate; nothing is downloaded.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import torch
from torch.utils.data import DataLoader
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    Trainer,
    TrainingArguments,
    default_data_collator,
    set_seed,
)

from projector.writer.callbacks.trainer import ProjectorCallback


def texts(count: int) -> list[dict[str, torch.Tensor]]:
    """Return made-up texts: the class is the kind of word that is most frequent."""
    random = torch.Generator().manual_seed(0)
    found = []
    for _ in range(count):
        label = int(torch.randint(4, (1,), generator=random))
        words = torch.randint(20, (16,), generator=random) + 1 + 20 * label
        others = torch.randint(80, (16,), generator=random) + 1
        words = torch.where(torch.rand(16, generator=random) < 0.5, words, others)
        mask = (torch.arange(16) < int(torch.randint(6, 17, (1,), generator=random))).long()
        example = {"input_ids": words * mask, "attention_mask": mask, "labels": torch.tensor(label)}
        found.append(example)
    return found


def main(logdir: str, n_steps: int = 100) -> None:
    """Train, and log the last hidden layer every 20 steps."""
    set_seed(0)
    config = BertConfig(
        vocab_size=81,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=4,
    )
    data = texts(2000)
    batches = DataLoader(data[:1000], batch_size=128, collate_fn=default_data_collator)
    log = ProjectorCallback(
        Path(logdir) / "bert", batches, layer="bert.encoder", every=20, name="texts"
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = TrainingArguments(
            folder,
            max_steps=n_steps,
            per_device_train_batch_size=64,
            learning_rate=2e-3,
            report_to=[],
            save_strategy="no",
            use_cpu=not torch.cuda.is_available(),
        )
        model = BertForSequenceClassification(config)
        Trainer(model, settings, train_dataset=data, callbacks=[log]).train()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs")
