package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class PublishedTableTest {
    @Test
    void itAgreesWithAMapOverRandomChanges() {
        Random random = new Random(1);
        PublishedTable<Integer> table = new PublishedTable<>();
        Map<Long, Integer> map = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            long key = random.nextInt(3_000);
            if (random.nextInt(3) == 0) {
                assertThat(table.remove(key % 3, key)).isEqualTo(map.remove(key));
            } else {
                table.put(key % 3, key, i);
                map.put(key, i);
            }
            long probe = random.nextInt(3_000);
            assertThat(table.get(probe % 3, probe)).isEqualTo(map.get(probe));
        }
        assertThat(table.size()).isEqualTo(map.size());
    }

    @Test
    void aKeyThatStaysIsFoundWhileOthersComeAndGo() throws InterruptedException {
        PublishedTable<String> table = new PublishedTable<>();
        table.put(7, 7, "stays");
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger missed = new AtomicInteger();
        Thread reader =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!done.get()) {
                                if (!"stays".equals(table.get(7, 7))) {
                                    missed.incrementAndGet();
                                }
                            }
                        });
        for (int i = 0; i < 200_000; i++) {
            table.put(i, i + 100, "passes");
            table.remove(i - 10, i + 90);
        }
        done.set(true);
        reader.join();
        assertThat(missed).hasValue(0);
    }
}
