#!/bin/sh
# A program that trains nothing, but keeps its folder as `gan train CONFIG --resume --out RUN` does: SIGTERM
# saves a checkpoint, `fails` in the configuration is the code that it fails with.
config=$2 run=$5 stopped=
trap 'stopped=yes' TERM
of() { sed -n "s/^$1 = //p" "$config"; }
mkdir -p "$run/checkpoints"
[ -f "$run/config.toml" ] || cp "$config" "$run/config.toml"
step=$(ls "$run/checkpoints" | sed 's/step-//' | sort -n | tail -n 1)
step=${step:-0}
while [ "$step" -lt "$(of steps)" ]; do
    step=$((step + 1))
    echo "$step" >> "$run/trace"
    sleep 0.05
    if [ -n "$stopped" ]; then
        echo "terminated at step $step" >&2
        touch "$run/checkpoints/step-$step"
        exit 143
    fi
done
fails=$(of fails)
if [ -n "$fails" ]; then
    echo "error: the game has diverged" >&2
    exit "$fails"
fi
seed=$(of seed)
printf '{"js": 0.%s, "wall_seconds": %s, "seed": %s}\n' "$((seed + 1))" "$(date +%s)" "$seed" > "$run/summary.tmp"
mv "$run/summary.tmp" "$run/summary.json"
