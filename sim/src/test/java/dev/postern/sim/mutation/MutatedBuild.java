package dev.postern.sim.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/// Loads all of Postern once more, with a class or two changed. Its simulator shares no class with
/// that of the tests: seeds go in and texts come out.
final class MutatedBuild extends ClassLoader {
    private static final String OURS = "dev.postern.";

    private final Mutation mutation;
    private final Set<Mutation> applied = ConcurrentHashMap.newKeySet();

    MutatedBuild(Mutation mutation) {
        super(MutatedBuild.class.getClassLoader());
        this.mutation = mutation;
    }

    /// What this build says of a seed; [RunSeed], [ShrinkSeed].
    @SuppressWarnings("unchecked")
    LongFunction<String> entrance(Class<? extends LongFunction<String>> type) {
        for (LongFunction<?> found : ServiceLoader.load(LongFunction.class, this)) {
            if (found.getClass().getName().equals(type.getName())) {
                return (LongFunction<String>) found;
            }
        }
        throw new AssertionError("the service " + type + " is not found");
    }

    boolean isApplied() {
        return applied.contains(mutation) && applied.containsAll(mutation.besides());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith(OURS)) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] octets = in.readAllBytes();
            octets = mutated(name, octets, mutation);
            for (Mutation besides : mutation.besides()) {
                octets = mutated(name, octets, besides);
            }
            return defineClass(name, octets, 0, octets.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] mutated(String name, byte[] octets, Mutation one) {
        if (!name.equals(one.type())) {
            return octets;
        }
        applied.add(one);
        return one.apply(octets);
    }
}
