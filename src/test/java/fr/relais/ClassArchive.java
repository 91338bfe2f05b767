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
 * An archive of the classes that a program loads (class data sharing), from which a JVM starts it in little more than half the processor
 * time. Java makes one at the end of a run, of classes in jars only.
 */
final class ClassArchive {

    private final String name;
    private Path file;

    /** Runs the program once, with an option for the JVM. */
    @FunctionalInterface
    interface Training {
        void run(List<String> javaOptions) throws Exception;
    }

    ClassArchive(String name) {
        this.name = name;
    }

    /** The options with which the JVM uses the archive. It is made by the first caller, whose training run the others wait for. */
    synchronized List<String> options(Training training) {
        if (file == null) {
            file = folder().resolve(name + ".jsa");
            try {
                training.run(List.of("-Xlog:disable", "-XX:ArchiveClassesAtExit=" + file));
            } catch (Exception e) {
                throw new IllegalStateException("the program does not run", e);
            }
        }
        return List.of("-Xlog:cds*=off", "-XX:SharedArchiveFile=" + file);
    }

    /** A folder for what is made for the processes of this JVM. */
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

    /** The class path of this JVM, with a jar for each folder of classes. */
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
            // Folders too: without an entry of its own, none is found by who looks for all that is in it.
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
