package io.nstack.bridge;

import java.io.IOException;

/** The life of the process that serves one class. */
public final class Process {
    private final Server server;

    private Process(Server server) {
        this.server = server;
    }

    /** Ends the process. */
    public static void serve(String className) throws IOException {
        Descriptors descriptors = Descriptors.take();
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        Server server = new Server(() -> {
            try {
                return Class.forName(className, true, loader);
            } catch (ClassNotFoundException none) {
                throw new RpcError(RpcError.SERVICE_ERROR, "there is no class " + className);
            }
        });
        Process process = new Process(server);
        Notifications.sendTo(descriptors.output);
        new Loop(server, new FrameReader(descriptors.input), descriptors.output).run(process::end);
        process.end();
    }

    private void end() {
        int code = 0;
        try {
            server.stop();
        } catch (Throwable error) {
            System.err.println(Stacks.headline(error));
            code = 1;
        }
        Notifications.sendTo(null);
        System.out.flush();
        System.exit(code);
    }
}
