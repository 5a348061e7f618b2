package dev.postern.cli;

import java.io.IOException;

/// What a gateway says of its emptying: `draining left 5 told 3 unwilling 1`.
record DrainStatus(boolean draining, int left, int told, int unwilling) {
    static DrainStatus parse(String line) throws StrangeAnswerException {
        String[] words = line.split(" ", -1);
        try {
            if (words.length == 7) {
                return new DrainStatus(
                        words[0].equals("draining"),
                        Integer.parseInt(words[2]),
                        Integer.parseInt(words[4]),
                        Integer.parseInt(words[6]));
            }
        } catch (NumberFormatException notANumber) {
            // told below
        }
        throw new StrangeAnswerException(line);
    }

    /// Somebody is there, and speaks otherwise.
    static final class StrangeAnswerException extends IOException {
        private static final long serialVersionUID = 1;

        private StrangeAnswerException(String line) {
            super("the gateway says \"" + line + "\", which this version does not understand");
        }
    }

    boolean isEmpty() {
        return draining && left == 0;
    }

    String sentence() {
        return left
                + (left == 1 ? " client is" : " clients are")
                + " left, "
                + told
                + " of them told to go"
                + (unwilling == 0 ? "." : ", " + unwilling + " cannot be redirected.");
    }
}
