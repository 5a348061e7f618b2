package dev.postern.fuzz;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Several targets as one, for a short run, which would otherwise be nothing but starts of virtual
/// machines: the first octet of an input says which target the rest is for. A target that has used
/// up its share of the time, and has had its fill of inputs, sees no more.
public final class ManyTargets {
    /// The targets, `CLASS#METHOD` between commas.
    static final String TARGETS = "postern.fuzz.targets";

    /// The share of each, in seconds.
    static final String SECONDS = "postern.fuzz.share";

    /// In front of what is said at the end: the target, a colon, and how many inputs it saw.
    static final String SAW = "saw ";

    /// How many inputs each target sees however long they take: its seeds, of which the first load
    /// classes, and some of the fuzzer's own.
    static final String FILL = "postern.fuzz.fill";

    private static final List<ManyTargets> ALL = all();
    private static final long SHARE = Long.getLong(SECONDS, 2) * 1_000_000_000L;
    private static final int LEAST = Integer.getInteger(FILL, 20);
    private static long last = System.nanoTime();

    private final String name;
    private final Object target;
    private final Method method;
    private long nanos;
    private long inputs;

    private ManyTargets(String name) throws ReflectiveOperationException {
        String[] words = name.split("#", -1);
        this.name = name;
        Constructor<?> constructor = Class.forName(words[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        this.target = constructor.newInstance();
        this.method = target.getClass().getDeclaredMethod(words[1], byte[].class);
        this.method.setAccessible(true);
    }

    private static List<ManyTargets> all() {
        List<ManyTargets> all = new ArrayList<>();
        try {
            for (String name : System.getProperty(TARGETS, "").split(",", -1)) {
                all.add(new ManyTargets(name));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    /// Jazzer's entry.
    public static void fuzzerTestOneInput(byte[] input) throws Throwable {
        if (input.length == 0) {
            return;
        }
        ManyTargets due = ALL.get(Byte.toUnsignedInt(input[0]) % ALL.size());
        if (due.nanos > SHARE && due.inputs >= LEAST) {
            last = System.nanoTime();
            return;
        }
        due.inputs++;
        try {
            due.method.invoke(due.target, (Object) Arrays.copyOfRange(input, 1, input.length));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            // With what the fuzzer itself took to make the input.
            long now = System.nanoTime();
            due.nanos += now - last;
            last = now;
        }
    }

    /// Jazzer calls this at the end.
    public static void fuzzerTearDown() {
        for (ManyTargets each : ALL) {
            System.err.println(SAW + each.name + ":" + each.inputs);
        }
    }
}
