package dev.postern.lab;

/// The line of `/proc/PID/stat`, proc(5).
final class ProcStat {
    private ProcStat() {}

    /// The fields by their number in proc(5) less one. The second, the program's name in
    /// parentheses, may itself hold spaces and parentheses.
    static String[] fieldsOf(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        String[] after = line.substring(close + 2).strip().split(" ", -1);
        String[] fields = new String[after.length + 2];
        fields[0] = line.substring(0, open).strip();
        fields[1] = line.substring(open + 1, close);
        System.arraycopy(after, 0, fields, 2, after.length);
        return fields;
    }
}
