class Gradients(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def convolution(self: __torch__.Gradients,
    gradient: Tensor,
    x: Tensor,
    weight: Tensor,
    stride: List[int],
    padding: List[int],
    transposed: bool,
    output_padding: List[int],
    groups: int,
    wanted: List[bool]) -> Tuple[Tensor, Tensor, Tensor]:
    channels = torch.size(gradient, 1)
    of_x, of_weight, of_bias = torch.convolution_backward(gradient, x, weight, [channels], stride, padding, [1, 1], transposed, output_padding, groups, wanted)
    return (of_x, of_weight, of_bias)
  def batch_norm(self: __torch__.Gradients,
    gradient: Tensor,
    x: Tensor,
    gamma: Tensor,
    mean: Tensor,
    rate: Tensor,
    epsilon: float) -> Tuple[Tensor, Tensor, Tensor]:
    of_x, of_gamma, of_beta = torch.native_batch_norm_backward(gradient, x, gamma, None, None, mean, rate, True, epsilon, [True, True, True])
    return (of_x, of_gamma, of_beta)
  def group_norm(self: __torch__.Gradients,
    gradient: Tensor,
    x: Tensor,
    gamma: Tensor,
    mean: Tensor,
    rate: Tensor,
    batch: int,
    channels: int,
    pixels: int,
    groups: int) -> Tuple[Tensor, Tensor, Tensor]:
    of_x, of_gamma, of_beta = torch.native_group_norm_backward(gradient, x, mean, rate, gamma, batch, channels, pixels, groups, [True, True, True])
    return (of_x, of_gamma, of_beta)
