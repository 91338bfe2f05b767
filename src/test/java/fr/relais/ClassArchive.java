package fr.relais;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * A class data sharing (CDS) archive of the classes that a program loads. With the archive, a JVM starts the program in
 * little more than half the processor time. Java writes the archive at the end of a run; it contains only classes from
 * jars.
 */
final class ClassArchive {

    private final String name;
    private Path file;

    /** One run of the program, with additional JVM options. */
    @FunctionalInterface
    interface Training {
        void run(List<String> javaOptions) throws Exception;
    }

    ClassArchive(String name) {
        this.name = name;
    }

    /**
     * Returns the JVM options that use the archive. The first call creates the archive by a training run; concurrent
     * calls wait for it.
     */
    synchronized List<String> options(Training training) {
        if (file == null) {
            file = folder().resolve(name + ".jsa");
            try {
                training.run(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + file));
            } catch (Exception e) {
                throw new IllegalStateException("the training run for the class archive has failed", e);
            }
        }
        return List.of("-Xlog:cds*=off", "-XX:SharedArchiveFile=" + file);
    }

    /** Returns a folder for the files that are created for the processes of this JVM. */
    static Path folder() {
        try {
            return Files.createDirectories(Path.of(
                            "target",
                            "class-archives",
                            Long.toString(ProcessHandle.current().pid()))
                    .toAbsolutePath());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the class path of this JVM, with each folder of classes packed as a jar. */
    static String classPath() throws IOException {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> jars = new ArrayList<>();
        for (String element : path.split(System.getProperty("path.separator"))) {
            Path classes = Path.of(element);
            jars.add(Files.isDirectory(classes) ? jar(classes).toString() : element);
        }
        return String.join(System.getProperty("path.separator"), jars);
    }

    private static Path jar(Path classes) throws IOException {
        Path jar = folder().resolve(classes.getFileName() + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            out.setLevel(Deflater.NO_COMPRESSION);
            // Folders get entries too, because a scan of the class path finds a folder only by its entry.
            for (Path file : files.filter(file -> !file.equals(classes)).toList()) {
                boolean isFolder = Files.isDirectory(file);
                out.putNextEntry(new JarEntry(classes.relativize(file) + (isFolder ? "/" : "")));
                if (!isFolder) {
                    Files.copy(file, out);
                }
            }
        }
        return jar;
    }
}
