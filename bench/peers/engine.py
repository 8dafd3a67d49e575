"""A program under test: it reads commands, a line each, and answers each with a line."""
import atexit
import signal
import subprocess
import sys
import time


class Engine:
    """Runs a command whose work is to keep to a number of threads.

    Between its answers the program is stopped: threads that wait for work by spinning would take a
    processor from the engine whose turn it is. `time` asks like `ask` and also sums processor and wall
    time. `close` ends the program and, where it used more processors than it was given threads, the
    comparison: it would be unfair. A machine that is busy otherwise can hide that.
    """

    def __init__(self, name, command, threads, cwd=None, output=None, env=None):
        self.name = name
        self.threads = threads
        self.output = output  # the file it writes its outputs to
        self.seconds = self.processor_seconds = 0.0
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=cwd, env=env
        )
        atexit.register(self.process.kill)  # a stopped program would not see that this one ended

    def ask(self, command):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.name} ended at '{command}'")
        self.process.send_signal(signal.SIGSTOP)
        return answer.strip()

    def time(self, command):
        """The milliseconds it answers with."""
        processor, start = self.processor_time(), time.monotonic()
        answer = self.ask(command)
        self.seconds += time.monotonic() - start
        self.processor_seconds += self.processor_time() - processor
        return float(answer)

    def processor_time(self):
        """Seconds on all processors together. The clock's number is what clock_getcpuclockid(3) makes of a process."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def close(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.close()
        self.process.wait()
        # A runtime's own threads (collecting garbage, say) are let through.
        if self.seconds and self.processor_seconds / self.seconds > self.threads + 0.3:
            sys.exit(f"{self.name} used {self.processor_seconds / self.seconds:.2f} processors where {self.threads} thread(s) were asked for")
