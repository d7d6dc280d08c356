"""torchsummary is used, and guarded."""

import torch
from torch import nn

from alexnet_tutor.architecture import FASHION, PAPER
from alexnet_tutor.geometry import parameters, walk
from alexnet_tutor.network import AlexNet
from alexnet_tutor.tracing.summary import rows, torchsummary_table, total_parameters


def test_torchsummary_agrees_with_geometry_layer_by_layer() -> None:
    for architecture in (FASHION.scaled(1 / 8), PAPER.scaled(1 / 8)):
        table = torchsummary_table(AlexNet(architecture), architecture.input_shape)
        assert total_parameters(table) == parameters(architecture)
        assert rows(table) == [(g.output_shape, g.params) for g in walk(architecture)]


def test_random_state_statistics_and_mode_are_left_as_they_were() -> None:
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).train()
    before, random = network[1].running_mean.clone(), torch.get_rng_state()
    torchsummary_table(network, (1, 8, 8))
    assert torch.equal(network[1].running_mean, before)
    assert torch.equal(torch.get_rng_state(), random)
    assert network.training
    assert not any(module._forward_hooks for module in network.modules())
