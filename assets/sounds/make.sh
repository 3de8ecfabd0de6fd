#!/usr/bin/env bash
# Says every phrase of phrases.tsv with espeak-ng and makes the clips beside it: 16 kHz, mono, 16 bit.
# Needs espeak-ng and sox. Run it after changing phrases.tsv and commit what it made.
#
# Silence before and behind is cut off, so that clips can be joined; the loudest sample of each is at
# -3 dB, so that none is louder than the next and none clips.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
voice=cmn
words_a_minute=145
trim='silence 1 0.005 0.6% reverse silence 1 0.005 0.6% reverse'

scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
rm -f ./*.wav
while IFS=$'\t' read -r name text; do
    [[ $name == '#'* ]] && continue
    espeak-ng -v "$voice" -s "$words_a_minute" -w "$scratch/said.wav" -- "$text"
    # shellcheck disable=SC2086  # the words of $trim are arguments
    sox -D "$scratch/said.wav" -r 16000 -c 1 -b 16 "$name.wav" $trim fade 0.004 reverse fade 0.008 reverse gain -n -3
done <phrases.tsv
