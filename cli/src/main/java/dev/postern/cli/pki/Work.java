package dev.postern.cli.pki;

import dev.postern.pki.UnreadableException;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// What a command does between its options and its exit code: 0 done, 1 failed for reasons of the
/// machine, 2 asked for something that is not to be had.
@FunctionalInterface
interface Work {
    void run(PrintWriter out) throws PkiFailure, UnreadableException, IOException;

    static int carryOut(CommandSpec spec, Work work) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        String command = spec.qualifiedName() + ": ";
        try {
            work.run(out);
            return 0;
        } catch (PkiFailure | UnreadableException e) {
            err.println(command + e.getMessage());
            return 2;
        } catch (FileAlreadyExistsException e) {
            err.println(command + e.getFile() + " is there already and is not overwritten");
            return 2;
        } catch (IOException e) {
            err.println(command + reason(e));
            return 1;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file";
            case AccessDeniedException denied -> denied.getFile() + ": this user may not do that";
            case FileSystemException other -> String.valueOf(other.getMessage());
            default -> String.valueOf(e.getMessage());
        };
    }
}
