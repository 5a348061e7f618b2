package dev.postern.sim;

/// Watches a run without judging it.
@FunctionalInterface
public interface Observer {
    void see(Happening happening, World world);
}
