"""The PyTorch twin of the benchmark: the same steps, written as one writes them in PyTorch.

Reads tasks, a line each, and answers each with a line:

    versions                        what it runs on
    weights RECIPE                  weights of the generator and of the critic
    time RECIPE BATCH SECONDS       seconds of one step, the mean over so many seconds
    compiled RECIPE BATCH SECONDS   the same with both networks under torch.compile
    autocast RECIPE BATCH SECONDS   the same with products in bfloat16, by PyTorch's own choice of them
    memory RECIPE BATCH STEPS       bytes that were resident at once at most, after so many steps

What cannot be done is answered with `error:` and the reason.
"""

import contextlib
import platform
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as error:
    # The answer to the first task.
    sys.exit(print(f"error: {error}"))

# Rather an error than, after too many compilations, a network that is not compiled.
torch._dynamo.config.fail_on_recompile_limit_hit = True


def init_dcgan(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)


def mlp(inputs, outputs, *end):
    return nn.Sequential(nn.Linear(inputs, 128), nn.ReLU(), nn.Linear(128, outputs), *end)


def up(inputs, outputs, kernel, stride, padding, bias=False):
    return nn.ConvTranspose2d(inputs, outputs, kernel, stride, padding, bias=bias)


def moons():
    return mlp(32, 2), mlp(2, 1)


def cgan():
    return mlp(100 + 10, 784, nn.Tanh()), mlp(784 + 10, 1)


def dcgan():
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


def strided(latent, norm):
    generator = nn.Sequential(
        nn.Unflatten(1, (latent, 1, 1)),
        up(latent, 256, 4, 1, 0), nn.BatchNorm2d(256), nn.ReLU(),
        up(256, 128, 4, 2, 1), nn.BatchNorm2d(128), nn.ReLU(),
        up(128, 64, 4, 2, 1), nn.BatchNorm2d(64), nn.ReLU(),
        up(64, 1, 4, 2, 1, True), nn.Tanh(),
    )
    critic = nn.Sequential(
        nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4, 2, 1, bias=False), norm(128), nn.LeakyReLU(0.2),
        nn.Conv2d(128, 256, 4, 2, 1, bias=False), norm(256), nn.LeakyReLU(0.2),
        nn.Conv2d(256, 1, 4), nn.Flatten(),
    )
    return generator.apply(init_dcgan), critic.apply(init_dcgan)


def dcgan_classic():
    return strided(100, nn.BatchNorm2d)


def wgan_gp():
    return strided(128, lambda maps: nn.GroupNorm(1, maps))


# The networks, learning rate and decays, coordinates of the noise, shape of a real sample.
RECIPES = {
    "gan": (moons, 1e-4, (0.9, 0.999), 32, (2,)),
    "cgan": (cgan, 2e-4, (0.5, 0.999), 100, (784,)),
    "dcgan": (dcgan, 2e-4, (0.5, 0.999), 100, (1, 32, 32)),
    "dcgan-classic": (dcgan_classic, 2e-4, (0.5, 0.999), 100, (1, 32, 32)),
    "wgan-gp": (wgan_gp, 1e-4, (0.0, 0.9), 128, (1, 32, 32)),
}


class Game:
    def __init__(self, recipe, batch, compiled=False):
        networks, lr, betas, self.latent, shape = RECIPES[recipe]
        self.recipe, self.batch = recipe, batch
        self.generator, self.critic = networks()
        self.of_generator = torch.optim.Adam(self.generator.parameters(), lr, betas)
        self.of_critic = torch.optim.Adam(self.critic.parameters(), lr, betas)
        if compiled:
            self.generator = torch.compile(self.generator)
            self.critic = torch.compile(self.critic)
        self.real = torch.rand(batch, *shape) * 2 - 1
        self.labels = F.one_hot(torch.arange(batch) % 10, 10).float() if recipe == "cgan" else None
        self.step = {
            "dcgan": self.shared_step,
            "dcgan-classic": self.shared_step,
            "wgan-gp": self.penalized_step,
        }.get(recipe, self.plain_step)

    def noise(self):
        return self.labeled(torch.randn(self.batch, self.latent))

    def labeled(self, x):
        return x if self.labels is None else torch.cat([x, self.labels], 1)

    def score(self, x):
        return self.critic(self.labeled(x))

    def descend(self, optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def critic_loss(self, fake):
        return F.softplus(-self.score(self.real)).mean() + F.softplus(self.score(fake)).mean()

    def plain_step(self):
        with torch.no_grad():
            fake = self.generator(self.noise())
        self.descend(self.of_critic, self.critic_loss(fake))
        fake = self.generator(self.noise())
        self.descend(self.of_generator, F.softplus(-self.score(fake)).mean())

    def shared_step(self):
        """The usual loop of a DCGAN: both updates look at the same fakes."""
        fake = self.generator(self.noise())
        self.descend(self.of_critic, self.critic_loss(fake.detach()))
        self.descend(self.of_generator, F.softplus(-self.score(fake)).mean())

    def penalized_step(self):
        for _ in range(5):
            with torch.no_grad():
                fake = self.generator(self.noise())
            loss = self.score(fake).mean() - self.score(self.real).mean()
            self.descend(self.of_critic, loss + 10 * self.penalty(fake))
        fake = self.generator(self.noise())
        self.descend(self.of_generator, -self.score(fake).mean())

    def penalty(self, fake):
        share = torch.rand(self.batch, 1, 1, 1)
        between = (share * self.real + (1 - share) * fake).requires_grad_()
        scores = self.score(between).sum()
        (slope,) = torch.autograd.grad(scores, between, create_graph=True)
        return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


def mean_seconds(game, window):
    for _ in range(2):
        game.step()
    calls, began = 0, time.perf_counter()
    while True:
        game.step()
        calls += 1
        elapsed = time.perf_counter() - began
        if elapsed >= window and calls > 1:
            return elapsed / calls


def autocast(game, window):
    with torch.autocast("cpu", torch.bfloat16):
        return mean_seconds(game, window)


def weights(recipe):
    count = lambda network: sum(p.numel() for p in network.parameters())
    return " ".join(str(count(network)) for network in RECIPES[recipe][0]())


def memory(recipe, batch, steps):
    import resource  # Not every system has it.

    game = Game(recipe, batch)
    for _ in range(steps):
        game.step()
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


compiled_games = {}


def compiled(recipe, batch):
    """Compiled once: what takes a minute is no part of a step."""
    key = recipe, batch
    if key not in compiled_games:
        game = Game(recipe, batch, compiled=True)
        game.step()
        compiled_games[key] = game
    return compiled_games[key]


def answer(words):
    match words:
        case ["versions"]:
            threads = torch.get_num_threads()
            return f"PyTorch {torch.__version__}, Python {platform.python_version()}, {threads} threads"
        case ["weights", recipe]:
            return weights(recipe)
        case ["time", recipe, batch, seconds]:
            return mean_seconds(Game(recipe, int(batch)), float(seconds))
        case ["compiled", recipe, batch, seconds]:
            return mean_seconds(compiled(recipe, int(batch)), float(seconds))
        case ["autocast", recipe, batch, seconds]:
            return autocast(Game(recipe, int(batch)), float(seconds))
        case ["memory", recipe, batch, steps]:
            return memory(recipe, int(batch), int(steps))
    raise ValueError(f"`{' '.join(words)}` is no task")


for line in sys.stdin:
    try:
        # Only answers belong on the output.
        with contextlib.redirect_stdout(sys.stderr):
            result = answer(line.split())
    except Exception as error:
        reason = (str(error) or "no reason").strip().splitlines()[0]
        result = f"error: {type(error).__name__}: {reason}"
    print(result, flush=True)
