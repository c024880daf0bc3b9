"""The networks of the recipes in PyTorch, written as one writes them there."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm


def init_dcgan(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)


def mlp(inputs, outputs, *end):
    return nn.Sequential(nn.Linear(inputs, 128), nn.ReLU(), nn.Linear(128, outputs), *end)


def up(inputs, outputs, kernel, stride, padding, bias=False):
    return nn.ConvTranspose2d(inputs, outputs, kernel, stride, padding, bias=bias)


def moons(shape):
    return mlp(32, 2), mlp(2, 1)


def cgan(shape):
    return mlp(100 + 10, 784, nn.Tanh()), mlp(784 + 10, 1)


def dcgan(shape):
    generator = nn.Sequential(
        nn.Linear(100, 4096), nn.Unflatten(1, (256, 4, 4)),
        up(256, 128, 3, 2, 0, True), nn.BatchNorm2d(128), nn.ReLU(),
        up(128, 64, 3, 2, 1, True), nn.BatchNorm2d(64), nn.ReLU(),
        up(64, 1, 4, 2, 2, True), nn.Tanh(),
    )
    critic = nn.Sequential(
        nn.Conv2d(1, 16, 3, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(16, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.LeakyReLU(0.2),
        nn.Conv2d(32, 64, 3, 2, 1), nn.BatchNorm2d(64), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(128, 1),
    )
    return generator, critic


def stages(side, width=64):
    """Maps of the stages, the one with half the image's side first."""
    return [width << min(stage, 3) for stage in range(side.bit_length() - 3)]


def no_norm(maps):
    return nn.Identity()


def strided_generator(latent, shape):
    maps = stages(shape[1])[::-1]
    layers = [nn.Unflatten(1, (latent, 1, 1)), up(latent, maps[0], 4, 1, 0)]
    for inputs, outputs in zip(maps, maps[1:]):
        layers += [nn.BatchNorm2d(inputs), nn.ReLU(), up(inputs, outputs, 4, 2, 1)]
    layers += [nn.BatchNorm2d(maps[-1]), nn.ReLU(), up(maps[-1], shape[0], 4, 2, 1, True), nn.Tanh()]
    return nn.Sequential(*layers)


def halvings(shape, norm, width=64):
    maps = stages(shape[1], width)
    layers = [nn.Conv2d(shape[0], maps[0], 4, 2, 1), nn.LeakyReLU(0.2)]
    for inputs, outputs in zip(maps, maps[1:]):
        conv = nn.Conv2d(inputs, outputs, 4, 2, 1, bias=norm is no_norm)
        layers += [conv, norm(outputs), nn.LeakyReLU(0.2)]
    return layers, maps[-1]


def strided_critic(shape, norm):
    layers, maps = halvings(shape, norm)
    return nn.Sequential(*layers, nn.Conv2d(maps, 1, 4), nn.Flatten())


def strided(latent, norm, shape):
    generator, critic = strided_generator(latent, shape), strided_critic(shape, norm)
    return generator.apply(init_dcgan), critic.apply(init_dcgan)


def dcgan_classic(shape):
    return strided(100, nn.BatchNorm2d, shape)


def wgan_gp(shape):
    return strided(128, lambda maps: nn.GroupNorm(1, maps), shape)


def constrained(critic):
    """Spectral normalization of every layer; an embedding is the matrix of one-hot labels."""
    for module in list(critic.modules()):
        if isinstance(module, (nn.Conv2d, nn.Embedding)):
            spectral_norm(module)
    return critic


def sngan(shape):
    generator, critic = strided(128, no_norm, shape)
    return generator, constrained(critic)


class ClassBatchNorm(nn.Module):
    """Batch normalization, then a scale and a shift of the label's own."""

    def __init__(self, maps, classes=10):
        super().__init__()
        self.norm = nn.BatchNorm2d(maps)
        self.gain, self.shift = nn.Embedding(classes, maps), nn.Embedding(classes, maps)
        nn.init.zeros_(self.gain.weight)
        nn.init.zeros_(self.shift.weight)

    def forward(self, x, labels):
        gain, shift = self.gain(labels)[:, :, None, None], self.shift(labels)[:, :, None, None]
        return self.norm(x) * (1 + gain) + shift


class ConditionalGenerator(nn.Module):
    def __init__(self, latent, shape):
        super().__init__()
        maps = stages(shape[1], 32)[::-1]
        ups = [up(latent, maps[0], 4, 1, 0)]
        ups += [up(inputs, outputs, 4, 2, 1) for inputs, outputs in zip(maps, maps[1:])]
        self.ups, self.norms = nn.ModuleList(ups), nn.ModuleList(map(ClassBatchNorm, maps))
        self.output = up(maps[-1], shape[0], 4, 2, 1, True)

    def forward(self, noise, labels):
        x = noise[:, :, None, None]
        for layer, norm in zip(self.ups, self.norms):
            x = F.relu(norm(layer(x), labels))
        return torch.tanh(self.output(x))


class ProjectionCritic(nn.Module):
    def __init__(self, shape, classes=10):
        super().__init__()
        layers, maps = halvings(shape, no_norm, 32)
        self.features, self.score = nn.Sequential(*layers), nn.Conv2d(maps, 1, 4)
        self.of_class = nn.Embedding(classes, maps)

    def forward(self, x, labels):
        maps = self.features(x)
        agreement = (maps.sum((2, 3)) * self.of_class(labels)).sum(1, keepdim=True)
        return self.score(maps).flatten(1) + agreement


def cdcgan(shape):
    generator, critic = ConditionalGenerator(100, shape), ProjectionCritic(shape)
    return generator.apply(init_dcgan), constrained(critic.apply(init_dcgan))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.enter = nn.Conv2d(width, width, 1)
        self.spatial = nn.Conv2d(width, width, 3, 1, 1, groups=max(width // 16, 1))
        self.leave = nn.Conv2d(width, width, 1, bias=False)
        nn.init.zeros_(self.leave.weight)

    def forward(self, x):
        branch = F.leaky_relu(self.enter(x), 0.2)
        branch = F.leaky_relu(self.spatial(branch), 0.2)
        return x + self.leave(branch)


def r3gan(shape):
    doublings = shape[1].bit_length() - 3
    maps = [16 << min(stage, 2) for stage in range(doublings + 1)]
    generator = [nn.Linear(64, maps[-1] * 16), nn.Unflatten(1, (maps[-1], 4, 4)), Block(maps[-1])]
    for inputs, outputs in zip(maps[:0:-1], maps[-2::-1]):
        generator += [nn.Conv2d(inputs, outputs, 1), nn.Upsample(scale_factor=2), Block(outputs)]
    generator += [nn.Conv2d(maps[0], shape[0], 1), nn.Tanh()]
    critic = [nn.Conv2d(shape[0], maps[0], 1), Block(maps[0])]
    for inputs, outputs in zip(maps, maps[1:]):
        critic += [nn.AvgPool2d(2), nn.Conv2d(inputs, outputs, 1), Block(outputs)]
    critic += [nn.Flatten(), nn.Linear(maps[-1] * 16, 1)]
    return nn.Sequential(*generator), nn.Sequential(*critic)
