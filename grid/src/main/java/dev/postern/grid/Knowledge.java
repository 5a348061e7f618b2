package dev.postern.grid;

import dev.postern.cluster.SiteConduct;

import org.infinispan.AdvancedCache;
import org.infinispan.context.Flag;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryCreated;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryModified;
import org.infinispan.notifications.cachelistener.event.CacheEntryEvent;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// What every member knows: entries named `kind/name`, that each may write and all hear of.
public final class Knowledge implements SiteConduct.Words {
    static final String LEAVING = "leaving";

    /// How many copies the engine keeps, in the form of the setting.
    static final String COPIES = "copies";

    /// Hears of entries that others have written. The engine calls its methods on its threads.
    @Listener(observation = Listener.Observation.POST)
    public static final class Ear {
        private final BiConsumer<String, byte[]> hears;

        Ear(BiConsumer<String, byte[]> hears) {
            this.hears = hears;
        }

        @CacheEntryCreated
        @CacheEntryModified
        public void written(CacheEntryEvent<byte[], byte[]> event) {
            if (event.getValue() != null) {
                hears.accept(text(event.getKey()), event.getValue());
            }
        }
    }

    private final AdvancedCache<byte[], byte[]> cache;

    Knowledge(AdvancedCache<byte[], byte[]> cache) {
        this.cache = cache;
    }

    /// Tells of each entry from now on, ours too, on the engine's threads: never to be held up.
    public void listen(BiConsumer<String, byte[]> hears) {
        cache.addListener(new Ear(hears));
    }

    /// Says something that is of interest only now, and waits until the others have heard it.
    void say(String kind, String name) {
        byte[] key = octets(kind + "/" + name);
        cache.withFlags(Flag.IGNORE_RETURN_VALUES).put(key, new byte[] {1}, 1, TimeUnit.MINUTES);
    }

    @Override
    public void put(String name, byte[] value) {
        cache.withFlags(Flag.IGNORE_RETURN_VALUES).put(octets(name), value);
    }

    /// The same for an entry that is of no interest any more after a while.
    @Override
    public void put(String name, byte[] value, long lifespanSeconds) {
        cache.withFlags(Flag.IGNORE_RETURN_VALUES)
                .put(octets(name), value, lifespanSeconds, TimeUnit.SECONDS);
    }

    /// The same without waiting for anybody; may be lost while the members change.
    void tell(String name, byte[] value) {
        cache.withFlags(Flag.IGNORE_RETURN_VALUES).putAsync(octets(name), value);
    }

    /// The same without holding anybody up.
    ///
    /// @return completes when every member has it
    public CompletionStage<@Nullable Void> putLater(
            String name, byte[] value, long lifespanSeconds) {
        return cache.withFlags(Flag.IGNORE_RETURN_VALUES)
                .putAsync(octets(name), value, lifespanSeconds, TimeUnit.SECONDS)
                .thenApply(_ -> null);
    }

    /// Takes back what was said, where nobody has said otherwise since; without holding anybody up.
    public void takeBack(String name, byte[] value) {
        cache.removeAsync(octets(name), value);
    }

    @Override
    public byte @Nullable [] get(String name) {
        return cache.get(octets(name));
    }

    @Override
    public Map<String, byte[]> all(String prefix) {
        Map<String, byte[]> found = new TreeMap<>();
        cache.forEach((key, value) -> {
            String name = text(key);
            if (name.startsWith(prefix)) {
                found.put(name, value);
            }
        });
        return found;
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }
}
