package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

class ErrnoTest {
    @Test
    void aKnownNumberHasNameAndWords() {
        assertThat(Errno.name(13)).isEqualTo("EACCES");
        assertThat(Errno.describe(Errno.EADDRINUSE))
                .isEqualTo("address already in use (EADDRINUSE)");
    }

    @Test
    void anUnknownNumberIsShown() {
        assertThat(Errno.describe(4_000)).isEqualTo("errno 4000");
    }

    @Test
    void noTwoNumbersShareAName() {
        Set<String> names = new HashSet<>();
        for (int errno = 1; errno < 134; errno++) {
            assertThat(names.add(Errno.name(errno))).isTrue();
        }
    }

    @Test
    void aRefusalSaysWhatHappenedWhyAndWhatToDo() {
        assertThat(new SystemCallException("cannot bind UDP 192.0.2.1:500", 13, "be root"))
                .hasMessage("cannot bind UDP 192.0.2.1:500: permission denied (EACCES); be root");
    }
}
