"""torchsummary's table of a network, taken without leaving a trace of its own."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Sequence
from contextlib import redirect_stdout

import torch
import torchsummary
from torch import nn


def torchsummary_table(network: nn.Module, input_shape: Sequence[int]) -> str:
    """What ``torchsummary.summary`` prints for pictures of (C, H, W).

    It runs two random pictures in the network's present mode, which moves BatchNorm's statistics and
    draws from the global random generator. So it is given a copy in evaluation mode, and the
    generator is put back.
    """
    private = copy.deepcopy(network).to("cpu").eval()
    text = io.StringIO()
    with torch.random.fork_rng(devices=[]), torch.no_grad(), redirect_stdout(text):
        torchsummary.summary(private, tuple(input_shape), device="cpu")
    return text.getvalue().rstrip()


def total_parameters(table: str) -> int:
    """The total that torchsummary's table states.

    Raises:
        ValueError: the table states none.
    """
    found = re.search(r"^Total params: ([\d,]+)", table, flags=re.MULTILINE)
    if found is None:
        raise ValueError("torchsummary's table has no total")
    return int(found[1].replace(",", ""))


def rows(table: str) -> list[tuple[tuple[int, ...], int]]:
    """(output shape without batch, parameters) of each layer in torchsummary's table."""
    pattern = re.compile(r"^\s*\S+-\d+\s+\[-1, ([\d, ]+)\]\s+([\d,]+)\s*$", flags=re.MULTILINE)
    return [
        (tuple(int(side) for side in shape.split(",")), int(params.replace(",", "")))
        for shape, params in pattern.findall(table)
    ]
