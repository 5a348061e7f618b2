package dev.postern.lab.matrix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One place in the matrix.
record Cell(
        Failure failure,
        Arrangement arrangement,
        Encapsulation encapsulation,
        Credential credential) {
    /// Why there is nothing to try here, if that is so.
    Optional<String> senseless() {
        boolean isHot = arrangement == Arrangement.TIGHT || arrangement == Arrangement.LOOSE;
        if (failure == Failure.SITE_LOSS && isHot) {
            return Optional.of("the standby is lost with its site");
        }
        if (failure == Failure.REBOOT && isHot) {
            return Optional.of("a gateway that is alone has no standby");
        }
        if (arrangement == Arrangement.BRANCH && encapsulation == Encapsulation.TRANSPORT) {
            return Optional.of("a subnet behind the client needs a tunnel");
        }
        return Optional.empty();
    }

    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Failure failure : Failure.values()) {
            for (Encapsulation encapsulation : Encapsulation.values()) {
                for (Credential credential : Credential.values()) {
                    for (Arrangement arrangement : Arrangement.values()) {
                        cells.add(new Cell(failure, arrangement, encapsulation, credential));
                    }
                }
            }
        }
        return cells;
    }

    /// As few cells as a greedy choice finds in which every pair of values of two dimensions occurs
    /// that occurs in a cell which makes sense.
    static List<Cell> pairwise() {
        List<Cell> candidates = all().stream().filter(cell -> cell.senseless().isEmpty()).toList();
        Set<Pair> open = new HashSet<>();
        candidates.forEach(cell -> open.addAll(cell.pairs()));
        List<Cell> chosen = new ArrayList<>();
        while (!open.isEmpty()) {
            Cell best =
                    candidates.stream()
                            .max(
                                    Comparator.comparingLong(cell ->
                                            cell.pairs().stream().filter(open::contains).count()))
                            .orElseThrow();
            best.pairs().forEach(open::remove);
            chosen.add(best);
        }
        return chosen;
    }

    List<Pair> pairs() {
        List<Enum<?>> values = List.of(failure, arrangement, encapsulation, credential);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            for (int j = i + 1; j < values.size(); j++) {
                pairs.add(new Pair(values.get(i), values.get(j)));
            }
        }
        return pairs;
    }

    /// Values of two dimensions that meet.
    record Pair(Enum<?> one, Enum<?> other) {}

    @Override
    public String toString() {
        return String.join(
                ", ", failure.text(), arrangement.text(), encapsulation.text(), credential.text());
    }
}
