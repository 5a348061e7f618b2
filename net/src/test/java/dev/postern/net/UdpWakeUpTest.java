package dev.postern.net;

import static dev.postern.net.UdpFixture.PATIENCE_MILLIS;
import static dev.postern.net.UdpFixture.loopback4;
import static dev.postern.net.UdpFixture.nativeCopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/// A thread that waits for ever is woken; the time limit is only there to end a broken run.
@Timeout(60)
class UdpWakeUpTest {
    private final ReceiveBatch in = ReceiveBatch.allocate(Arena.ofAuto(), 4);

    @Test
    void aWakeUpBeforeTheReceiveEndsIt() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            socket.wakeUp();

            assertThat(socket.receive(in, -1)).isZero();
        }
    }

    @Test
    void aWakeUpIsTakenOnce() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            socket.wakeUp();
            socket.wakeUp();
            socket.receive(in, -1);
            SendBatch out = SendBatch.allocate(Arena.ofAuto(), 1);
            out.add(socket.local(), null, nativeCopy(new byte[1]), 0, 1);
            socket.send(out, 0);

            assertThat(socket.receive(in, PATIENCE_MILLIS)).isEqualTo(1);
        }
    }

    @Test
    void noWakeUpIsLostWithoutTraffic() throws Exception {
        AtomicInteger work = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            FutureTask<Integer> receiver =
                    started(() -> {
                        while (done.get() < 20_000) {
                            socket.receive(in, -1);
                            done.addAndGet(work.getAndSet(0));
                        }
                        return done.get();
                    });
            for (int i = 1; i <= 20_000; i++) {
                work.incrementAndGet();
                socket.wakeUp();
                while (i % 7 == 0 && done.get() < i) {
                    Thread.onSpinWait();
                }
            }

            assertThat(receiver.get()).isEqualTo(20_000);
        }
    }

    @Test
    void aCloseEndsTheReceiveOfAnotherThread() throws Exception {
        for (int round = 0; round < 300; round++) {
            UdpSocket socket = UdpSocket.open(loopback4());
            AtomicInteger entered = new AtomicInteger();
            FutureTask<Boolean> receiver =
                    started(() -> {
                        try {
                            while (true) {
                                entered.incrementAndGet();
                                socket.receive(in, -1);
                            }
                        } catch (ClosedChannelException e) {
                            return true;
                        }
                    });
            while (entered.get() == 0) {
                Thread.onSpinWait();
            }
            for (int spin = 0; spin < round * 100; spin++) {
                Thread.onSpinWait();
            }

            socket.close();

            assertThat(receiver.get()).isTrue();
        }
    }

    @Test
    void aClosedSocketRefusesEverythingAndMayBeClosedAgain() throws IOException {
        UdpSocket socket = UdpSocket.open(loopback4());
        SendBatch out = SendBatch.allocate(Arena.ofAuto(), 1);
        out.add(socket.local(), null, nativeCopy(new byte[1]), 0, 1);
        socket.close();

        assertThatThrownBy(() -> socket.receive(in, 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> socket.send(out, 0)).isInstanceOf(ClosedChannelException.class);
        socket.wakeUp();
        socket.close();
    }

    @Test
    void aReceiveEndsAfterItsTime() throws IOException {
        try (UdpSocket socket = UdpSocket.open(loopback4())) {
            assertThat(socket.receive(in, 1)).isZero();
        }
    }

    private static <T> FutureTask<T> started(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }
}
