"""A trace tells each layer's own output and leaves everything as it was."""

import json

import numpy as np
import pytest
import torch
import torchvision
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from alexnet_tutor import geometry
from alexnet_tutor.architecture import FASHION, PAPER, Architecture
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import ModelFacts
from alexnet_tutor.tracing import trace

SMALL = FASHION.scaled(1 / 16)


def picture(architecture: Architecture = SMALL, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(1, *architecture.input_shape, generator=generator)


@pytest.mark.parametrize("architecture", [FASHION, PAPER], ids=lambda a: a.name)
def test_rows_are_what_geometry_predicts(architecture: Architecture) -> None:
    record = trace(AlexNet(architecture), picture(architecture))
    predicted = list(geometry.walk(architecture))
    assert [layer.name for layer in record.layers] == [g.spec.name for g in predicted] + ["softmax"]
    assert len(record.layers) == 24
    for layer, g in zip(record.layers, predicted, strict=False):
        assert layer.kind == g.spec.kind
        assert layer.input_shape == (1, *g.input_shape)
        assert layer.output_shape == (1, *g.output_shape) == layer.values.shape
        assert (layer.params, layer.macs, layer.field) == (g.params, g.macs, g.field)


@pytest.mark.parametrize("size", [67, 131, 200])
def test_rows_are_what_geometry_predicts_at_other_sizes(size: int) -> None:
    architecture = SMALL.at_size(size)
    record = trace(AlexNet(architecture), picture(architecture))
    for layer, g in zip(record.layers, geometry.walk(architecture), strict=False):
        assert (layer.output_shape[1:], layer.field) == (g.output_shape, g.field)


def test_values_are_each_layer_s_own_output() -> None:
    network, x = AlexNet(SMALL).eval(), picture()
    record = trace(network, x)
    with torch.no_grad():
        for layer, module in zip(record.layers, network, strict=False):
            x = module(x)
            np.testing.assert_array_equal(layer.values, x.numpy())
    np.testing.assert_array_equal(record.layers[-1].values, torch.softmax(x, 1).numpy())


def test_in_place_relu_does_not_reach_the_layer_before() -> None:
    network = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(16, 3)
    )
    record = trace(network, picture(Architecture("x", 1, 4, ())))
    assert record.layers[0].min < 0
    assert record.layers[1].min == 0


def test_statistics_are_those_of_numpy() -> None:
    for layer in trace(AlexNet(SMALL), picture()).layers:
        values = layer.values.astype(np.float64)
        assert layer.min == values.min()
        assert layer.max == values.max()
        assert layer.mean == pytest.approx(values.mean())
        assert layer.std == pytest.approx(values.std())
        assert layer.zeros == pytest.approx((values == 0).sum() / values.size)
        maps = values[0].reshape(values.shape[1], -1)
        assert layer.silent == sum(not map_.any() for map_ in maps)


def test_silent_maps_are_counted() -> None:
    network = AlexNet(SMALL)
    with torch.no_grad():
        network.conv2.bias[:3] = -1e9
    record = trace(network, picture())
    assert record.layer("relu2").silent >= 3
    assert record.layer("conv2").silent == 0


class Moody(nn.Module):
    """Draws from the global generator, keeps statistics, has parts in different modes."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3)
        self.drop, self.fc = nn.Dropout(), nn.LazyLinear(4)
        self.norm.eval()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        noise = torch.rand(1)
        return self.fc(self.drop(self.norm(self.conv(x))).flatten(1)) + noise


def test_random_state_modes_and_statistics_are_left_as_they_were() -> None:
    network = Moody()
    network(torch.randn(2, 1, 6, 6))
    before = [module.training for module in network.modules()]
    state = {key: value.clone() for key, value in network.state_dict().items()}
    random = torch.get_rng_state()
    trace(network, torch.randn(1, 1, 6, 6, generator=torch.Generator().manual_seed(1)))
    assert torch.equal(torch.get_rng_state(), random)
    assert [module.training for module in network.modules()] == before
    assert len(set(before)) == 2
    assert all(torch.equal(state[key], value) for key, value in network.state_dict().items())
    assert not any(module._forward_hooks for module in network.modules())


def test_hooks_and_modes_are_put_back_after_an_error() -> None:
    network = AlexNet(SMALL).train()
    with pytest.raises(RuntimeError):
        trace(network, torch.zeros(1, 2, 227, 227))
    assert not any(module._forward_hooks for module in network.modules())
    assert all(module.training for module in network.modules())


def test_dropout_is_the_identity_in_a_trace() -> None:
    record = trace(AlexNet(SMALL).train(), picture())
    np.testing.assert_array_equal(record.layer("drop6").values, record.layer("relu6").values)


def test_top_is_sorted_and_sums_to_one() -> None:
    record = trace(AlexNet(SMALL), picture(), ModelFacts())
    shares = [item.probability for item in record.top]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=1e-6)
    assert {item.label for item in record.top} == set(ModelFacts().labels)


def test_json_is_one_object_with_24_layers() -> None:
    facts = ModelFacts(architecture=SMALL)
    told = json.loads(json.dumps(trace(AlexNet(SMALL), picture(), facts).to_json()))
    assert list(told) == ["image", "weights", "preset", "layers", "top"]
    assert len(told["layers"]) == 24
    keys = "name kind input_shape output_shape params macs receptive_field stride min mean max std zeros silent facts"
    for layer in told["layers"]:
        assert list(layer) == keys.split()
        assert isinstance(layer["receptive_field"], int)
        assert isinstance(layer["stride"], int)
    assert set(told["top"][0]) == {"label", "probability"}


def test_torchvision_s_alexnet_can_be_traced() -> None:
    """The 2014 network, with torch's own layers: 61,100,840 parameters."""
    network = torchvision.models.alexnet(weights=None)
    record = trace(network, torch.randn(1, 3, 224, 224))
    assert sum(layer.params for layer in record.layers) == 61_100_840
    conv = [layer for layer in record.layers if layer.kind == "conv"]
    assert [layer.output_shape[1] for layer in conv] == [64, 192, 384, 256, 256]
    assert conv[0].field == geometry.Field.pixel(224).through(11, 4, 2, outputs=55)
    assert record.layers[-1].kind == "softmax"


def test_a_layer_used_twice_has_two_rows() -> None:
    relu = nn.ReLU()
    network = nn.Sequential(nn.Linear(4, 4), relu, nn.Linear(4, 2), relu)

    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = network

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.inner(x.flatten(1))

    names = [layer.name for layer in trace(Outer(), torch.randn(1, 1, 2, 2)).layers]
    assert names == ["inner.0", "inner.1", "inner.2", "inner.1#2", "softmax"]


@pytest.mark.parametrize("shape", [(2, 1, 227, 227), (1, 227, 227), (0, 1, 227, 227)])
def test_anything_but_one_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="one picture"):
        trace(AlexNet(SMALL), torch.zeros(shape))


@given(
    st.sampled_from(["pool1", "conv2", "pool2", "conv3", "conv5", "pool5"]),
    st.integers(0, 99),
    st.data(),
)
def test_a_receptive_field_is_where_the_gradient_can_be(name: str, seed: int, data) -> None:
    """With positive weights and average pooling the gradient fills exactly the clipped box."""
    architecture = Architecture("fashion", 1, 227, FASHION.scaled(1 / 48).layers[:15])
    parts: list[nn.Module] = []
    for child, module in AlexNet(architecture).named_children():
        if child.startswith("conv"):
            nn.init.constant_(module.weight, 1.0)
            parts.append(module)
        elif child.startswith("pool"):
            parts.append(nn.AvgPool2d(3, 2))
        if child == name:
            break
    x = torch.zeros(1, 1, 227, 227, dtype=torch.float64, requires_grad=True)
    out = nn.Sequential(*parts).double()(x)
    row = data.draw(st.integers(0, out.shape[2] - 1))
    column = data.draw(st.integers(0, out.shape[3] - 1))
    out[0, 0, row, column].backward()
    field = next(g.field for g in geometry.walk(FASHION) if g.spec.name == name)
    (top, bottom), (left, right) = field.spans[row], field.spans[column]
    expected = torch.zeros(227, 227, dtype=torch.bool)
    expected[top : bottom + 1, left : right + 1] = True
    assert torch.equal(x.grad[0, 0] != 0, expected)
