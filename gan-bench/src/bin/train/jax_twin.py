"""The JAX twin of the benchmark: the steps of two recipes as one compiled function.

Reads tasks, a line each, and answers each with a line:

    versions                 what it runs on
    weights GAME             weights of the generator and of the critic
    time GAME BATCH SECONDS  seconds of one step, the mean over so many seconds

A GAME is dcgan or dcgan-classic, for the latter perhaps with the shape of its images, such as
dcgan-classic:3x64x64. What cannot be done is answered with `error:` and the reason. Images lie in memory
pixel by pixel, as JAX's own libraries have them, on the CPU.
"""

import functools
import os
import platform
from typing import NamedTuple

from answers import mean_seconds, parsed, refuse, serve, unknown

os.environ.setdefault("JAX_PLATFORMS", "cpu")
try:
    import jax
    from jax import lax, nn
    from jax import numpy as jnp
except ImportError as error:
    refuse(error)

DIMENSIONS = "NHWC", "HWIO", "NHWC"
MOMENTUM, EPSILON = 0.1, 1e-5
LR, BETA_1, BETA_2, ADAM_EPSILON = 2e-4, 0.5, 0.999, 1e-8


class Kernel(NamedTuple):
    """A square kernel from maps to maps, with a bias or with batch normalization behind it."""

    inputs: int
    outputs: int
    side: int
    stride: int
    padding: int
    bias: bool = True
    norm: bool = False

    def init(self, key):
        weights = {"w": 0.02 * jax.random.normal(key, (self.side, self.side, self.inputs, self.outputs))}
        if self.bias:
            weights["b"] = jnp.zeros(self.outputs)
        if self.norm:
            weights |= {"scale": jnp.ones(self.outputs), "shift": jnp.zeros(self.outputs)}
        return weights

    def statistics(self):
        return {"mean": jnp.zeros(self.outputs), "var": jnp.ones(self.outputs)} if self.norm else {}

    def down(self, weights, x):
        padding = [(self.padding, self.padding)] * 2
        strides = (self.stride, self.stride)
        x = lax.conv_general_dilated(x, weights["w"], strides, padding, dimension_numbers=DIMENSIONS)
        return x + weights["b"] if self.bias else x

    def up(self, weights, x):
        padding = [(self.side - 1 - self.padding,) * 2] * 2
        strides = (self.stride, self.stride)
        x = lax.conv_transpose(x, weights["w"], strides, padding, dimension_numbers=DIMENSIONS)
        return x + weights["b"] if self.bias else x

    def normalize(self, weights, statistics, x):
        """The normalized maps, and the running statistics after them."""
        if not self.norm:
            return x, statistics
        mean, var = x.mean((0, 1, 2)), x.var((0, 1, 2))
        n = x.size / x.shape[-1]
        newest = {"mean": mean, "var": var * n / (n - 1)}
        blend = lambda old, new: (1 - MOMENTUM) * old + MOMENTUM * lax.stop_gradient(new)
        y = (x - mean) * lax.rsqrt(var + EPSILON) * weights["scale"] + weights["shift"]
        return y, jax.tree.map(blend, statistics, newest)


class Network(NamedTuple):
    """Kernels in a row; a generator begins with a linear layer to 4x4 pixels where it has a width."""

    kernels: tuple
    linear: tuple | None = None

    def init(self, key):
        keys = jax.random.split(key, len(self.kernels) + 1)
        weights = [kernel.init(key) for kernel, key in zip(self.kernels, keys)]
        if self.linear:
            inputs, outputs = self.linear
            bound = inputs**-0.5
            w = jax.random.uniform(keys[-1], (inputs, outputs), minval=-bound, maxval=bound)
            weights.append({"w": w, "b": jnp.zeros(outputs)})
        return weights

    def statistics(self):
        return [kernel.statistics() for kernel in self.kernels]


def generate(network, weights, statistics, noise):
    if network.linear:
        linear = weights[-1]
        x = (noise @ linear["w"] + linear["b"]).reshape(len(noise), 4, 4, -1)
    else:
        x = noise[:, None, None, :]
    after = []
    for kernel, of_kernel, old in zip(network.kernels, weights, statistics):
        x, new = kernel.normalize(of_kernel, old, kernel.up(of_kernel, x))
        x = nn.relu(x) if kernel.norm else jnp.tanh(x)
        after.append(new)
    return x, after


def score(network, weights, statistics, x):
    after = []
    for index, (kernel, of_kernel, old) in enumerate(zip(network.kernels, weights, statistics)):
        x, new = kernel.normalize(of_kernel, old, kernel.down(of_kernel, x))
        last = index + 1 == len(network.kernels) and not network.linear
        x = x if last else nn.leaky_relu(x, 0.2)
        after.append(new)
    x = x.reshape(len(x), -1)
    return (x @ weights[-1]["w"] + weights[-1]["b"] if network.linear else x), after


def dcgan(shape):
    generator = Network(
        (
            Kernel(256, 128, 3, 2, 0, norm=True),
            Kernel(128, 64, 3, 2, 1, norm=True),
            Kernel(64, 1, 4, 2, 2),
        ),
        (100, 4096),
    )
    critic = Network(
        (
            Kernel(1, 16, 3, 2, 1),
            Kernel(16, 32, 3, 2, 1, norm=True),
            Kernel(32, 64, 3, 2, 1, norm=True),
            Kernel(64, 128, 4, 1, 0, norm=True),
        ),
        (128, 1),
    )
    return generator, critic


def dcgan_classic(shape):
    channels, side, _ = shape
    maps = [64 << min(stage, 3) for stage in range(side.bit_length() - 3)]
    normed = functools.partial(Kernel, bias=False, norm=True)
    down = [normed(i, o, 4, 2, 1) for i, o in zip(maps, maps[1:])]
    up = [normed(o, i, 4, 2, 1) for i, o in zip(maps, maps[1:])][::-1]
    generator = normed(100, maps[-1], 4, 1, 0), *up, Kernel(maps[0], channels, 4, 2, 1)
    critic = Kernel(channels, maps[0], 4, 2, 1), *down, Kernel(maps[-1], 1, 4, 1, 0)
    return Network(generator), Network(critic)


RECIPES = {"dcgan": dcgan, "dcgan-classic": dcgan_classic}


def adam_init(weights):
    zeros = jax.tree.map(jnp.zeros_like, weights)
    return {"first": zeros, "second": jax.tree.map(jnp.copy, zeros), "t": jnp.zeros(())}


def adam(weights, state, gradients):
    t = state["t"] + 1
    first = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, state["first"], gradients)
    second = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, state["second"], gradients)

    def moved(w, m, v):
        root = jnp.sqrt(v / (1 - BETA_2**t)) + ADAM_EPSILON
        return w - LR * m / (1 - BETA_1**t) / root

    weights = jax.tree.map(moved, weights, first, second)
    return weights, {"first": first, "second": second, "t": t}


def start(networks, key):
    """Weights, running statistics and optimizers of both players, and the key of their noise."""
    keys = jax.random.split(key, 3)
    weights = [network.init(key) for network, key in zip(networks, keys)]
    statistics = [network.statistics() for network in networks]
    return weights, statistics, [adam_init(each) for each in weights], keys[2]


def step(networks, state, real):
    """One update of each player; both look at the same fakes."""
    generator, critic = networks
    (of_generator, of_critic), (s_generator, s_critic), (adam_g, adam_c), key = state
    key, drawn = jax.random.split(key)
    noise = jax.random.normal(drawn, (len(real), 100))
    made = lambda weights: generate(generator, weights, s_generator, noise)
    fake, back, s_generator = jax.vjp(made, of_generator, has_aux=True)

    def critic_loss(weights):
        real_scores, after = score(critic, weights, s_critic, real)
        fake_scores, after = score(critic, weights, after, fake)
        return nn.softplus(-real_scores).mean() + nn.softplus(fake_scores).mean(), after

    gradients, s_critic = jax.grad(critic_loss, has_aux=True)(of_critic)
    of_critic, adam_c = adam(of_critic, adam_c, gradients)

    def generator_loss(fake):
        scores, after = score(critic, of_critic, s_critic, fake)
        return nn.softplus(-scores).mean(), after

    down, s_critic = jax.grad(generator_loss, has_aux=True)(fake)
    of_generator, adam_g = adam(of_generator, adam_g, *back(down))
    return [of_generator, of_critic], [s_generator, s_critic], [adam_g, adam_c], key


class Game:
    def __init__(self, game, batch):
        recipe, shape = parsed(game)
        networks = RECIPES[recipe](shape)
        self.state = start(networks, jax.random.key(0))
        channels, *pixels = shape
        self.real = jax.random.uniform(jax.random.key(1), (batch, *pixels, channels), minval=-1.0)
        self.compiled = jax.jit(functools.partial(step, networks), donate_argnums=0)

    def step(self):
        self.state = jax.block_until_ready(self.compiled(self.state, self.real))


games = {}


def compiled(*game):
    """Compiled once: what takes seconds is no part of a step."""
    if game not in games:
        games[game] = Game(*game)
    return games[game]


def weights(game):
    recipe, shape = parsed(game)
    networks = RECIPES[recipe](shape)
    count = lambda network: sum(leaf.size for leaf in jax.tree.leaves(network.init(jax.random.key(0))))
    return " ".join(str(count(network)) for network in networks)


def answer(words):
    match words:
        case ["versions"]:
            return f"JAX {jax.__version__}, Python {platform.python_version()}"
        case ["weights", game]:
            return weights(game)
        case ["time", game, batch, seconds]:
            return mean_seconds(compiled(game, int(batch)).step, float(seconds))
    raise unknown(words)


serve(answer)
