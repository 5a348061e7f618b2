package dev.postern.lab.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

final class CellTest {
    @Test
    void everyPairOfValuesThatMakesSenseIsTried() {
        Set<Cell.Pair> wanted = new HashSet<>();
        Cell.all().stream()
                .filter(cell -> cell.senseless().isEmpty())
                .forEach(cell -> wanted.addAll(cell.pairs()));
        Set<Cell.Pair> tried = new HashSet<>();
        Cell.pairwise().forEach(cell -> tried.addAll(cell.pairs()));

        assertThat(tried).isEqualTo(wanted);
        assertThat(Cell.pairwise()).allMatch(cell -> cell.senseless().isEmpty());
        assertThat(Cell.pairwise().size()).isLessThan(Cell.all().size() / 4);
    }
}
