// What Gradio hands to a gr.HTML component's script.
declare const element: HTMLElement;
declare const props: any;
declare const server: any;
declare const trigger: (event: string, data?: unknown) => void;
declare const watch: (name: string, heed: () => void) => void;
