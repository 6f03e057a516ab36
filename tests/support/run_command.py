"""Running gradc from a script, for checks that share no code with it."""
import subprocess


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise ValueError(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout
