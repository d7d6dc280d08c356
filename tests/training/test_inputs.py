"""What reaches a layer is what the layer before it put out."""

from collections.abc import Callable

import pytest
import torch

from alexnet_tutor.data.batches import Batches
from alexnet_tutor.data.sketches import sketches
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import ModelFacts
from alexnet_tutor.training.inputs import inputs_of


@pytest.fixture
def batches(facts: ModelFacts) -> Callable[[], Batches]:
    return lambda: Batches(
        sketches("test", 10),
        facts.preparation,
        4,
        seed=0,
        device=torch.device("cpu"),
        shuffle=False,
    )


def test_inputs_are_those_of_every_picture_in_order(
    facts: ModelFacts, batches: Callable[[], Batches]
) -> None:
    network = AlexNet(facts.architecture, seed=1).train()
    told: list[tuple[int, int]] = []
    seen = inputs_of(
        network, ["fc6", "fc7"], batches(), precision="fp32", progress=lambda *now: told.append(now)
    )
    assert told == [(4, 10), (8, 10), (10, 10)]
    fc7 = torch.relu(seen["fc6"] @ network.fc6.weight.T + network.fc6.bias)
    assert fc7.shape[0] == 10
    torch.testing.assert_close(seen["fc7"], fc7)
    assert network.training
    assert not network.fc6._forward_pre_hooks
