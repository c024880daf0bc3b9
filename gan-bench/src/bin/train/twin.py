"""The PyTorch twin of the benchmark: the same steps, written as one writes them in PyTorch.

Reads tasks, a line each, and answers each with a line:

    versions                          what it runs on
    weights GAME                      weights of the generator and of the critic
    time GAME BATCH SECONDS           seconds of one step, the mean over so many seconds
    compiled GAME BATCH SECONDS       the same with both networks under torch.compile
    autocast GAME BATCH SECONDS       the same with products in bfloat16, by PyTorch's own choice of them
    channels-last GAME BATCH SECONDS  the same with images in memory pixel by pixel
    memory GAME BATCH STEPS           bytes that were resident at once at most, after so many steps

A GAME is a recipe, such as dcgan, or a recipe and the shape of its images, such as dcgan:3x64x64. What
cannot be done is answered with `error:` and the reason. The networks are in networks.py.
"""

import platform
import sys

from answers import mean_seconds, parsed, refuse, serve, unknown

try:
    import torch
    from torch.nn import functional as F
    from torch.nn.utils import parametrize
    from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

    import networks
except ImportError as error:
    refuse(error)

# Rather an error than, after too many compilations, a network that is not compiled.
torch._dynamo.config.fail_on_recompile_limit_hit = True


def adam(lr, *betas):
    return lambda weights: torch.optim.Adam(weights, lr, betas)


def rms_prop(lr):
    return lambda weights: torch.optim.RMSprop(weights, lr)


def non_saturating(real, fake):
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def hinge(real, fake):
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def least_squares(real, fake):
    return ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2


def wasserstein(real, fake):
    return fake.mean() - real.mean()


def relativistic(real, fake):
    return F.softplus(fake - real).mean()


# The generator's losses; `real` is a function that scores the real batch, for those that look at it.
def non_saturated(real, fake):
    return F.softplus(-fake).mean()


def drawn_to_one(real, fake):
    return ((fake - 1) ** 2).mean() / 2


def raised(real, fake):
    return -fake.mean()


def above_real(real, fake):
    return F.softplus(real() - fake).mean()


def lines_between(game, fake):
    """The gradient penalty of WGAN-GP."""
    share = torch.rand(game.batch, 1, 1, 1)
    between = (share * game.real + (1 - share) * fake).requires_grad_()
    scores = game.score(between).sum()
    (slope,) = torch.autograd.grad(scores, between, create_graph=True)
    return 10 * ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


def zero_centered(samples, scores):
    """R1 at real samples, R2 at fakes."""
    (slope,) = torch.autograd.grad(scores.sum(), samples, create_graph=True)
    return slope.square().sum((1, 2, 3)).mean() / 2


class Recipe:
    def __init__(self, networks, latent, optimizer, critic_loss, generator_loss, critic_steps=1):
        self.networks, self.latent, self.optimizer = networks, latent, optimizer
        self.critic_loss, self.generator_loss = critic_loss, generator_loss
        self.critic_steps = critic_steps


LOGISTIC = non_saturating, non_saturated
RECIPES = {
    "gan": Recipe(networks.moons, 32, adam(1e-4, 0.9, 0.999), *LOGISTIC),
    "cgan": Recipe(networks.cgan, 100, adam(2e-4, 0.5, 0.999), *LOGISTIC),
    "cdcgan": Recipe(networks.cdcgan, 100, adam(4e-4, 0.5, 0.999), hinge, raised),
    "dcgan": Recipe(networks.dcgan, 100, adam(2e-4, 0.5, 0.999), *LOGISTIC),
    "dcgan-classic": Recipe(networks.dcgan_classic, 100, adam(2e-4, 0.5, 0.999), *LOGISTIC),
    "lsgan": Recipe(
        networks.dcgan_classic, 100, adam(2e-4, 0.5, 0.999), least_squares, drawn_to_one
    ),
    "wgan": Recipe(networks.dcgan_classic, 100, rms_prop(5e-5), wasserstein, raised, 5),
    "wgan-gp": Recipe(networks.wgan_gp, 128, adam(1e-4, 0.0, 0.9), wasserstein, raised, 5),
    "sngan": Recipe(networks.sngan, 128, adam(2e-4, 0.0, 0.9), hinge, raised, 5),
    "r3gan": Recipe(networks.r3gan, 64, adam(2e-4, 0.0, 0.99), relativistic, above_real),
}
# Both updates look at the same fakes, as in the usual loop of a DCGAN.
SHARED = {"dcgan", "dcgan-classic"}
# Their generators have an average of half-life 500 steps.
AVERAGED = {"cdcgan", "r3gan"}
SAMPLES = {"gan": (2,), "cgan": (784,)}


class Game:
    def __init__(self, game, batch, compiled=False, layout=torch.contiguous_format):
        self.name, shape = parsed(game)
        self.recipe, self.batch = RECIPES[self.name], batch
        self.generator, self.critic = (
            network.to(memory_format=layout) for network in self.recipe.networks(shape)
        )
        self.of_generator = self.recipe.optimizer(self.generator.parameters())
        self.of_critic = self.recipe.optimizer(self.critic.parameters())
        self.average = None
        if self.name in AVERAGED:
            follow = get_ema_multi_avg_fn(0.5 ** (1 / 500))
            self.average, self.source = AveragedModel(self.generator, multi_avg_fn=follow), self.generator
        if compiled:
            self.generator = torch.compile(self.generator)
            self.critic = torch.compile(self.critic)
        self.real = torch.rand(batch, *SAMPLES.get(self.name, shape)) * 2 - 1
        if self.real.dim() == 4:
            self.real = self.real.to(memory_format=layout)
        self.labels = torch.arange(batch) % 10
        self.unit_labels = F.one_hot(self.labels, 10).float()

    def generate(self):
        return self.through(self.generator, torch.randn(self.batch, self.recipe.latent))

    def score(self, x):
        return self.through(self.critic, x)

    def through(self, network, x):
        if self.name == "cgan":
            return network(torch.cat([x, self.unit_labels], 1))
        return network(x, self.labels) if self.name == "cdcgan" else network(x)

    def step(self):
        for _ in range(self.recipe.critic_steps):
            with torch.set_grad_enabled(self.name in SHARED):
                fake = self.generate()
            self.descend(self.of_critic, self.critic_loss(fake.detach()))
            if self.name == "wgan":
                with torch.no_grad():
                    for weight in self.critic.parameters():
                        weight.clamp_(-0.01, 0.01)
        if self.name not in SHARED:
            fake = self.generate()
        loss = self.recipe.generator_loss(self.score_real, self.score(fake))
        self.descend(self.of_generator, loss)
        if self.average is not None:
            self.average.update_parameters(self.source)

    def descend(self, optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def score_real(self):
        with torch.no_grad():
            return self.score(self.real)

    def critic_loss(self, fake):
        if self.name == "r3gan":
            real, fake = self.real.detach().requires_grad_(), fake.requires_grad_()
            real_scores, fake_scores = self.score(real), self.score(fake)
            penalty = zero_centered(real, real_scores) + zero_centered(fake, fake_scores)
            return self.recipe.critic_loss(real_scores, fake_scores) + penalty
        # Weights of spectral norm 1 are worked out once for both passes, with one power iteration.
        with parametrize.cached():
            loss = self.recipe.critic_loss(self.score(self.real), self.score(fake))
        return loss + lines_between(self, fake) if self.name == "wgan-gp" else loss


def autocast(game, window):
    with torch.autocast("cpu", torch.bfloat16):
        return mean_seconds(game.step, window)


def weights(game):
    name, shape = parsed(game)
    count = lambda network: sum(p.numel() for p in network.parameters())
    return " ".join(str(count(network)) for network in RECIPES[name].networks(shape))


def memory(game, batch, steps):
    import resource  # Not every system has it.

    game = Game(game, batch)
    for _ in range(steps):
        game.step()
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


compiled_games = {}


def compiled(*game):
    """Compiled once: what takes a minute is no part of a step."""
    if game not in compiled_games:
        compiled_games[game] = Game(*game, compiled=True)
        compiled_games[game].step()
    return compiled_games[game]


def answer(words):
    match words:
        case ["versions"]:
            threads = torch.get_num_threads()
            return f"PyTorch {torch.__version__}, Python {platform.python_version()}, {threads} threads"
        case ["weights", game]:
            return weights(game)
        case ["time", game, batch, seconds]:
            return mean_seconds(Game(game, int(batch)).step, float(seconds))
        case ["compiled", game, batch, seconds]:
            return mean_seconds(compiled(game, int(batch)).step, float(seconds))
        case ["autocast", game, batch, seconds]:
            return autocast(Game(game, int(batch)), float(seconds))
        case ["channels-last", game, batch, seconds]:
            game = Game(game, int(batch), layout=torch.channels_last)
            return mean_seconds(game.step, float(seconds))
        case ["memory", game, batch, steps]:
            return memory(game, int(batch), int(steps))
    raise unknown(words)


serve(answer)
