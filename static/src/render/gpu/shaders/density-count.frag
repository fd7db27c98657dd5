#version 300 es
precision highp float;

flat in vec4 v_amount;

out vec4 o_amount;

void main() {
  o_amount = v_amount;
}
